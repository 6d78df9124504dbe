{## The tables whose rows refer to the table `whole`, by a foreign key or by triggers in the place of one: a SELECT of oids. -##}
SELECT f.conrelid FROM pg_constraint AS f WHERE f.confrelid = whole.oid AND f.contype = 'f'
UNION ALL
SELECT checks.tgrelid
FROM pg_trigger AS keeps
JOIN pg_proc AS p ON p.oid = keeps.tgfoid AND p.proname ~ '_keeps_key[0-9]+_[0-9]{8}_[0-9]{6}$'
JOIN pg_proc AS q ON q.pronamespace = p.pronamespace AND q.proname = regexp_replace(p.proname, '_keeps(_key[0-9]+_[0-9]{8}_[0-9]{6})$', '_check\1')
JOIN pg_trigger AS checks ON checks.tgfoid = q.oid AND checks.tgparentid = 0
WHERE keeps.tgrelid = whole.oid
