{## The bound of the run: {% from 'adopt/bound/which.sql' import below with context %} ##}
{% set below = facts.bound | first | default({'value': '', 'type': '', 'type_sql': none, 'check_sql': none, 'bound_sql': none}) %}
