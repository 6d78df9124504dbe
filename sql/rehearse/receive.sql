{## Receives what sample.sql or referenced.sql has sent. -##}
COPY {{ table | ident }} ({% for column in columns %}{{ column | ident }}{% if not loop.last %}, {% endif %}{% endfor %}) FROM STDIN
