{## The type that the text `said.type` names, as PostgreSQL itself calls it: a SELECT without its semicolon, for a LATERAL join.
    `modifier` is its length or precision, where it is one of the types of which that is understood; `bare` is without. To
    PostgreSQL int(4) is a syntax error. -##}
SELECT
  found.type_oid,
  format_type(found.type_oid, -1) AS bare,
  found.modifier,
  CASE WHEN found.type_oid = 'bpchar'::regtype AND found.modifier <> '' THEN 'character' ELSE format_type(found.type_oid, -1) END || found.modifier AS type_name
FROM (
  SELECT
    named.type_oid,
    CASE
      WHEN named.type_oid IN ('varchar'::regtype, 'bpchar'::regtype) THEN coalesce('(' || named.lengths || ')', '')
      -- numeric(12) has a scale of 0
      WHEN named.type_oid = 'numeric'::regtype THEN coalesce('(' || named.lengths || CASE WHEN named.lengths ~ ',' THEN '' ELSE ',0' END || ')', '')
      ELSE ''
    END AS modifier
  FROM (SELECT to_regtype(regexp_replace(said.type, '[(].*[)]', ''))::oid AS type_oid, replace(substring(said.type FROM '[(]([0-9, ]+)[)]$'), ' ', '') AS lengths) AS named
) AS found
