{## For which rows a trigger is fired: where none of the `columns` is null, in NEW or in OLD, which is the `row`, and, if `changed`, where
    an UPDATE has changed one of them, by the operators `alike` of the key. -##}
WHEN ({% for column in columns %}{% if row == 'NEW' %}NEW{% else %}OLD{% endif %}.{{ column | ident }} IS NOT NULL{% if not loop.last %} AND {% endif %}{% endfor %}
{%- if changed %} AND ({% for column in columns %}OLD.{{ column | ident }} {{ alike[loop.index0] }} NEW.{{ column | ident }}{% if not loop.last %} AND {% endif %}{% endfor %}) IS NOT TRUE{% endif %})