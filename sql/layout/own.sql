{## What a layout may give a table besides its own columns, and how it is known again at a table that an earlier run has made:
    {% from 'layout/own.sql' import own with context %}
    `column`, the CHECK of it, the trigger that fills it, and how the name of that trigger's function ends. ##}
{% set own = {'column': 'partition_key', 'check': 'partition_key_check', 'trigger': 'zz_partition_key', 'filler': '_partition_key'} %}
