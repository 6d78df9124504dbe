-- Puts the new table in the place of the old one, with all that hung on it: the new world or the old one, nothing
-- between. From its first moment on, what is written to the new table is logged for the way back. Its lock: lock.sql.
{% with said = facts, arriving = target, arriving_ending = '_new_' ~ timestamp, leaving = old, leaving_ending = '_old_' ~ timestamp, back = false, keys = log %}
{% include 'repartition/swap/exchange.sql' %}
{% endwith %}

{% from 'repartition/way_back/marks.sql' import of_old with context %}
COMMENT ON TABLE {{ old | ident }} IS {{ of_old | literal }};
{% include 'repartition/swap/clock.sql' %}
-- The triggers of both tables log for the way back: those of the new one all that is written, those of the old
-- one what reaches it by its foreign keys, or by name.
{% with keys = back_log, logger = back_log, aside = false, replaces = 'proven' %}
{% include 'repartition/log/create.sql' %}
{% endwith %}

{% with keys = back_log, logger = log, aside = true, replaces = 'proven' %}
{% include 'repartition/log/create.sql' %}
{% endwith %}
{% include 'repartition/way_back/disable_old.sql' %}
{% include 'layout/' ~ layout ~ '/swapped.sql' %}
DROP FUNCTION {{ sync | ident }}(boolean, integer, integer);
ALTER FUNCTION {{ back_sync | ident }}(boolean, integer, integer) RENAME TO {{ sync.name | ident }};
{% include 'repartition/swap/clock.sql' %}
