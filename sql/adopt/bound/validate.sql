-- Reads every row once, to know that all lie below the bound: so the table can be attached without being read.
-- Lock: SHARE UPDATE EXCLUSIVE, which readers and writers don't notice.
{% with least = '5 minutes' %}
{% include 'adopt/' ~ method ~ '/refuse_late.sql' %}
{% endwith %}
ALTER TABLE {{ source | ident }} VALIDATE CONSTRAINT executor_bound;
