{## Tables that are `written` and `read`, and functions that are `called`, with the types of their arguments: arguments by name. -##}
{%- if written -%}
writes => ARRAY[{% for name in written %}{{ name | literal }}{% if not loop.last %}, {% endif %}{% endfor %}]
{%- if read or called %}, {% endif %}
{%- endif %}
{%- if read -%}
reads => ARRAY[{% for name in read %}{{ name | literal }}{% if not loop.last %}, {% endif %}{% endfor %}]
{%- if called %}, {% endif %}
{%- endif %}
{%- if called -%}
calls => ARRAY[{% for name in called %}{{ name | literal }}{% if not loop.last %}, {% endif %}{% endfor %}]
{%- endif -%}
