
{% if facts.publications or said.publications %}
-- Publications name the table itself: they go on with the one that has its name now. Changes in a partition are
-- published under the partition's name, which no subscriber knows, unless the publication says otherwise.
{% endif %}
{% for publication in facts.publications if not publication.via_root and publication.name in said.publications | map(attribute='name') %}
{% if publication.may_alter %}
ALTER PUBLICATION {{ publication.name | ident }} SET (publish_via_partition_root = {{ (not back) | literal }});
{% elif not back %}
DO {% set warning %}

BEGIN
  RAISE WARNING USING MESSAGE = {{ ('publication ' ~ publication.name ~ ' publishes changes under the names of partitions; its owner can SET (publish_via_partition_root = true)') | literal }};
END
{% endset %}{{ warning | dollar_quoted }};
{% endif %}
{% endfor %}
{% for publication in said.publications if publication.is_named %}
ALTER PUBLICATION {{ publication.name | ident }} ADD TABLE {{ source | ident }}{{ publication.list_sql }};
{% endfor %}
