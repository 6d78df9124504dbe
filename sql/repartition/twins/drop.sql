-- Drops the twins of the materialized views; the views themselves are untouched.
-- Lock: ACCESS EXCLUSIVE on the twins, which nobody uses.
{% for view in facts.materialized_views | reverse %}
DROP MATERIALIZED VIEW IF EXISTS {{ view.schema | ident }}.{{ (view.name ~ '_new_' ~ timestamp) | short_name | ident }};
{% endfor %}
