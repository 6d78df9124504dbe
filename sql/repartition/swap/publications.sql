{## The publications that name the table go on with the one that arrives. -##}

{% if facts.publications or said.publications %}
-- Publications name the table itself: they go on with the one that has its name now. Changes in a partition are
-- published under the partition's name, which no subscriber knows, unless the publication says otherwise.
{% endif %}
{% for publication in said.publications %}
{% for was in facts.publications if was.name == publication.name and was.may_alter and not was.via_root and not was.accepted and not (back and publication.others) %}
ALTER PUBLICATION {{ publication.name | ident }} SET (publish_via_partition_root = {{ (not back) | literal }});
{% endfor %}
{% endfor %}
{% for publication in said.publications if publication.is_named %}
ALTER PUBLICATION {{ publication.name | ident }} ADD TABLE {{ source | ident }}
{%- for column in publication.columns if not (back and column in added_columns) %}{% if loop.first %} ({% else %}, {% endif %}{{ column | ident }}{% if loop.last %}){% endif %}{% endfor %}
{%- if publication.where_sql %} WHERE ({{ publication.where_sql }}){% endif %};
{% endfor %}
