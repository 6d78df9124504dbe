{## Validates the foreign keys into the table that a rollback has put back, as far as they were valid. -##}
{% from 'repartition/incoming_keys/which.sql' import keys with context %}
{% for key in keys if key.enforced and (key.validated or key.identity in facts.incoming_keys | selectattr('validated') | map(attribute='identity')) %}
{% with back = true %}
{% include 'repartition/incoming_keys/validate_key.sql' %}
{% endwith %}
{% endfor %}
