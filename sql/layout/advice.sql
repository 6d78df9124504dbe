{## Which other layout to take: {% from 'layout/advice.sql' import adds_none, too_many, keeps_key, has_key with context %}
    where the table has a column of the layout's name, or has no place for one; where its key would be too long; where there is none
    of the table as a whole. ##}
{% set adds_none = '; rename or drop it, or use a layout that adds none, such as hash, in which it stays a column like any other' %}
{% set too_many = ' more than a table can have; use a layout that adds none, such as hash' %}
{% set keeps_key = '; use --var routing=expression of the plan chunks_100_partitions, where the key stays as it is' %}
{% set has_key = 'the new table has no unique key of those columns as a whole, which it would have in PARTITION BY HASH (%s): '
  'executor init ' ~ ((source ~ '') | replace('%', '%%')) ~ ' --layout hash:%1$s writes that plan. Or reference a table of keys' %}
