-- Puts the old table back in its place, the mirror of the swap, with every row that was written since.
-- What was granted, commented or created on the table since comes along, too. Its lock is that of lock_back.sql.
{% with said = now, arriving = old, arriving_ending = '_old_' ~ timestamp, leaving = target, leaving_ending = '_new_' ~ timestamp, back = true, keys = back_log %}
{% include 'repartition/swap/exchange.sql' %}
{% endwith %}
{% for table in facts.tree %}
DROP TRIGGER IF EXISTS executor_guard ON {{ table.schema | ident }}.{{ table.name | ident }};
{% endfor %}

-- It has the comment of the table; by this one the next steps know it.
{% from 'repartition/way_back/marks.sql' import of_target with context %}
COMMENT ON TABLE {{ target | ident }} IS {{ of_target | literal }};

-- Its triggers go with the capture; the log into which they wrote is gone before.
CREATE OR REPLACE FUNCTION {{ log | ident }}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $executor$
BEGIN
  RETURN NULL;
END
$executor$;

-- Who still writes to the new table, or to one of its partitions by name, would lose that.
{% with refusing = back_log, replaces = true %}
{% include 'repartition/way_back/refuse_writes.sql' %}
{% endwith %}
{% include 'repartition/swap/clock.sql' %}
