{## The publications of the table, as the fact has found them: a SELECT without its semicolon. -##}
SELECT * FROM jsonb_to_recordset({{ {'found': facts.rows.publications} | literal }}::jsonb -> 'found') AS publication (
  name text, owner text, may_alter boolean, via_root boolean, publishes_changes boolean, accepted boolean, is_named boolean,
  columns jsonb, where_sql text, filtered text[], others text[])
