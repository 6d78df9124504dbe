{## Nobody makes something else of the tables while they are read. Takes ACCESS SHARE. -##}
LOCK TABLE {% for table in tables %}ONLY {{ table | ident }}{% if not loop.last %}, {% endif %}{% endfor %} IN ACCESS SHARE MODE
