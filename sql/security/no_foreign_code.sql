{## Refuses to go on if code of a role that this session does not trust would run with its rights. It comes before
    anything is read or written; what `written`, `read` and `called` are, and which locks it takes, says ask.sql. -##}
CALL pg_temp.executor_refuse_foreign_code(
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
);
