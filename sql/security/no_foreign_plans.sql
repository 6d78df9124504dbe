{## Refuses to go on if to plan a query on one of the tables `looked_up`, a list of regclass texts, would run code of others,
    as foreign_plans.sql says. -##}
{% if looked_up %}
DO {% set refusal %}

DECLARE
  refused text := (
    SELECT string_agg({% include 'security/foreign_plans.sql' %}, ', ')
    FROM unnest(ARRAY[{% for name in looked_up %}to_regclass({{ name | string | literal }}){% if not loop.last %}, {% endif %}{% endfor %}]) AS looked_up (oid));
BEGIN
  IF refused IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('what is not to be trusted would run with the rights of %s: %s', session_user, refused),
      HINT = 'A foreign key refers to this table. Drop what calls the function (an index, statistics or a check), or let a role own it that you trust.';
  END IF;
END
{% endset %}{{ refusal | dollar_quoted }};

{% endif %}
