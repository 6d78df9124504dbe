{## A repeated step in a printed script: every pass is a transaction of its own. -##}
CALL pg_temp.executor_repeat({{ step | literal }}, at_most => {{ at_most }}
{%- if isolation != 'read committed' %}, isolation => {{ isolation | literal }}{% endif %}
, until => ${{ tag }}$SELECT (
{{ until }}
)${{ tag }}$, pass => ${{ tag }}$
{{ sql }}
${{ tag }}$);
