{## Sequences go on where those of the real server are. -##}
{% for sequence in sequences %}
SELECT setval({{ sequence.table | literal }}::regclass, {{ sequence.value | literal }});
{% endfor %}
