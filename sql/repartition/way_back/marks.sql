{## The comments by which tables of the run are known, whatever their names are by now:
    {% from 'repartition/way_back/marks.sql' import of_target, of_log, in_step, of_back_log, of_old with context %} ##}
{% set of_target = 'The table that is to replace ' ~ source.name ~ ' (run ' ~ timestamp ~ ').' %}
{% set of_log = 'Keys of what is written to the table until its replacement (run ' ~ timestamp ~ ').' %}
{% set in_step = 'The new table has all rows since the transaction that wrote this (run ' ~ timestamp ~ ').' %}
{% set of_back_log = 'Keys of what was written to the table since its replacement, for the way back (run ' ~ timestamp ~ ').' %}
{% set of_old = 'Replaced by executor (plan ' ~ plan ~ ', run ' ~ timestamp ~ ') and kept for the way back.' %}
