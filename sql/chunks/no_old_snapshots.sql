-- Whether every transaction still at work began when the new table was in step: one with an older snapshot,
-- such as a pg_dump, would miss rows in it after the swap. Of others' sessions only a role that may read
-- pg_stat_activity sees this.
SELECT {{ (old_snapshots == 'allow') | literal }} OR NOT EXISTS (
  SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    AND age(backend_xmin) > (
      SELECT age((substr(obj_description(c.oid, 'pg_class'), length('copied before transaction ') + 1)::xid8)::xid)
      FROM pg_class AS c WHERE c.oid = {{ log | literal }}::regclass))
