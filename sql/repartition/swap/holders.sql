{## The table `holder`, and its materialized views and identity sequences under the names that end in `ending`: to these
    something can be bound by more than their name. `said` are the facts of the table:
    {% from 'repartition/swap/holders.sql' import holders with context %} ##}
{% set held = namespace(by=[(holder.schema, holder.name)]) %}
{% for view in said.materialized_views %}
{% set held.by = held.by + [(view.schema, (view.name ~ ending) | short_name)] %}
{% endfor %}
{% for sequence in said.sequences if sequence.is_identity %}
{% set held.by = held.by + [(sequence.schema, (sequence.name ~ ending) | short_name)] %}
{% endfor %}
{% set holders = held.by %}
