{## What the variable `interval` says: {% from 'layout/range/interval.sql' import amount, unit, zone, digits, head with context %}
    So many (`amount`) of a `unit` of time, or of a number: then `unit` is ''. Time is the local one of `zone`: of time_zone, but
    hours are those of UTC, as other clocks show one hour of the year twice. Names of partitions are `head`, and what the lower
    bound begins with in so many `digits`. Variables: source, interval, time_zone. ##}
{% set amount = interval.split(' ')[0] | int %}
{% set unit = interval.partition(' ')[2].strip().removesuffix('s') %}
{% set zone = 'UTC' if unit == 'hour' else time_zone %}
{% set digits = {'': 10, 'year': 4, 'month': 6, 'hour': 10}.get(unit, 8) %}
{% set reserved = [digits, 6] | max if unit else 19 %}
{% set head = (source | suffix('_p2_p' ~ '0' * reserved)).name[:-reserved - 5] %}
