{## Which indexes the table has as a whole, and which on each partition alone:
    {% from 'adopt/indexes.sql' import whole, alone, key, wide, own with context %}
    `whole` are those that may be of the whole: what is not unique, what contains the key column, and the primary key, to which
    that is added. `alone` are unique without it. `key` is the primary key that lacks it and is widened, in a list, or an empty one; `wide` is
    the name of the index that is built for it, `own` of the one that keeps the old key unique in the first partition. ##}
{% set found = namespace(whole=[], alone=[], key=[]) %}
{% for index in facts.indexes %}
{% if index.unique and key_column not in index.columns and not (index.primary and keys == 'widen') %}
{% set found.alone = found.alone + [index] %}
{% else %}
{% set found.whole = found.whole + [index] %}
{% if index.primary and key_column not in index.columns %}
{% set found.key = [index] %}
{% endif %}
{% endif %}
{% endfor %}
{% set whole, alone, key = found.whole, found.alone, found.key %}
{% set wide, own = 'executor_' ~ timestamp ~ '_wide', 'executor_' ~ timestamp ~ '_own' %}
