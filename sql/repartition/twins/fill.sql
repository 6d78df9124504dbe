-- Fills the twins of the materialized views from the new table, while the old one is in use.
{% for view in facts.materialized_views if view.is_filled %}
{% set twin = (view.name ~ '_new_' ~ timestamp) | short_name %}
REFRESH MATERIALIZED VIEW {{ view.schema | ident }}.{{ twin | ident }};
ANALYZE {{ view.schema | ident }}.{{ twin | ident }};
{% endfor %}
