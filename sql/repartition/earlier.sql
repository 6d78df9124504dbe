{## What earlier runs have left, and how names differ from theirs: {% from 'repartition/earlier.sql' import earlier, ending, logs with context %}
    `ending` is that of the function that fills its own column, `logs` what the names of the triggers that log begin with. ##}
{% set earlier = facts.earlier | first | default({'number': 1, 'owns_key': false, 'own_columns': [], 'value_sql': none, 'filler': none}) %}
{% set number = earlier.number %}
{% from 'layout/own.sql' import own with context %}
{% set ending = own.filler if number == 1 else own.filler ~ '_' ~ number %}
{% set logs = 'executor' if number == 1 else 'executor' ~ number %}
