-- From now on no row comes beyond the bound, and none without a value. What is there already is not looked at yet.
{% from 'adopt/bound/which.sql' import below with context %}
ALTER TABLE {{ source | ident }} ADD CONSTRAINT executor_bound CHECK ({% if below.check_sql %}{{ below.check_sql }}{% else %}true{% endif %}) NOT VALID;
