{## Whether the row `alias` belongs to one of the partitions `numbers`: a condition. To the default one does what is in none of the
    others. ##}
({% for number in numbers %}{% if not loop.first %} OR {% endif %}
{%- if facts.bounds[number].bound_sql == 'DEFAULT' %}{% set first = facts.bounds | first %}{% set last = facts.bounds[number - 1] %}
{%- if number == 0 %}true{% else %}{% if first.lower %}{{ alias | ident }}.{{ key_column | ident }} < {{ first.lower | literal }}{% else %}false{% endif %} OR {% if last.upper %}{{ alias | ident }}.{{ key_column | ident }} >= {{ last.upper | literal }}{% else %}false{% endif %}{% endif %}
{%- else %}{% with part = facts.bounds[number] %}{% if part.lower %}{{ alias | ident }}.{{ key_column | ident }} >= {{ part.lower | literal }}{% else %}true{% endif %} AND {% if part.upper %}{{ alias | ident }}.{{ key_column | ident }} < {{ part.upper | literal }}{% else %}true{% endif %}{% endwith %}
{%- endif %}{% else %}false{% endfor %})