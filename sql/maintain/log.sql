{## While a migration keeps its way back, the writes to the partition `made` and its parts are logged as those to the newest one. -##}
{% set like = facts.newest | first | default({'parts': [], 'logging': []}) %}
{% for part in [{'suffix': '', 'logging': like.logging}] + like.parts %}
{% for trigger in part.logging %}
{{ trigger.create_sql }} ON {{ made | suffix(part.suffix) | ident }}{{ trigger.does_sql }};
ALTER TABLE {{ made | suffix(part.suffix) | ident }} ENABLE ALWAYS TRIGGER {{ trigger.name | ident }};
{% endfor %}
{% endfor %}
