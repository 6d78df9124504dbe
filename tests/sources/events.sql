-- A table of events with all that can hang on one, whose key lacks the time. Its application is the role executor_test_app.
CREATE TABLE customers (id int PRIMARY KEY, name text);
CREATE TABLE audit (what text);
INSERT INTO customers SELECT i, 'customer ' || i FROM generate_series(1, 20) AS i;

CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 5),
  serial bigserial,
  customer_id int NOT NULL REFERENCES customers ON DELETE CASCADE,
  other_id int CONSTRAINT other_fk REFERENCES customers DEFERRABLE INITIALLY DEFERRED,
  gone int,
  code text,
  body text NOT NULL CHECK (body <> ''),
  length int GENERATED ALWAYS AS (length(body)) STORED,
  created_at timestamptz DEFAULT now(),
  updated_at timestamptz,
  CONSTRAINT events_pkey PRIMARY KEY (id),
  CONSTRAINT events_code UNIQUE (code),
  CONSTRAINT events_place UNIQUE (created_at, code)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE events DROP COLUMN gone;
CREATE INDEX ix_events_created_at ON events (created_at);
CREATE INDEX "Ix of a name so long that with an ending it is over 63 bytes!" ON events (lower(body)) WHERE customer_id > 5;
CREATE STATISTICS events_statistics (dependencies, ndistinct) ON customer_id, code FROM events;
ALTER TABLE events ADD CONSTRAINT later CHECK (length(body) < 100) NOT VALID;
ALTER TABLE events ALTER COLUMN body SET STORAGE EXTERNAL, ALTER COLUMN customer_id SET STATISTICS 500;
ALTER TABLE events CLUSTER ON events_pkey;
COMMENT ON TABLE events IS 'the events'' table';
COMMENT ON COLUMN events.body IS 'the text';
COMMENT ON CONSTRAINT events_pkey ON events IS 'the key';
COMMENT ON CONSTRAINT other_fk ON events IS 'another one';
COMMENT ON CONSTRAINT events_body_check ON events IS 'never empty';
COMMENT ON INDEX ix_events_created_at IS 'for the newest';
COMMENT ON STATISTICS events_statistics IS 'of a kind';

GRANT SELECT, INSERT, UPDATE, DELETE ON events TO executor_test_app;
GRANT SELECT ON events TO PUBLIC;
GRANT SELECT (id, body), UPDATE (body) ON events TO executor_test_app;
GRANT USAGE ON SEQUENCE events_id_seq, events_serial_seq TO executor_test_app;

ALTER TABLE events ENABLE ROW LEVEL SECURITY;
CREATE POLICY not_secret ON events TO executor_test_app USING (body <> 'secret') WITH CHECK (true);
COMMENT ON POLICY not_secret ON events IS 'hides the secret';
ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_events ON audit USING (EXISTS (SELECT FROM events WHERE events.body = audit.what));

CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.updated_at := now(); RETURN NEW; END';
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO public.audit VALUES (TG_NAME); RETURN NULL; END';
CREATE TRIGGER touch BEFORE UPDATE ON events FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER note_insert AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION note();
CREATE TRIGGER note_statement AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION note();
CREATE TRIGGER note_truncate AFTER TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION note();
CREATE TRIGGER note_never AFTER UPDATE OF body ON events FOR EACH ROW EXECUTE FUNCTION note();
ALTER TABLE events ENABLE ALWAYS TRIGGER note_insert, DISABLE TRIGGER note_never;
COMMENT ON TRIGGER touch ON events IS 'keeps updated_at';

CREATE VIEW all_events AS SELECT * FROM events;
CREATE VIEW nested_events WITH (security_barrier) AS SELECT a.body FROM all_events AS a JOIN events USING (id);
CREATE VIEW ruled_events AS SELECT id, body FROM events;
CREATE RULE ruled_insert AS ON INSERT TO ruled_events DO INSTEAD INSERT INTO events (customer_id, body) VALUES (2, NEW.body);
GRANT SELECT ON all_events TO executor_test_app;
COMMENT ON VIEW all_events IS 'all of them';

CREATE PUBLICATION changes FOR TABLE events, customers;

INSERT INTO events (customer_id, other_id, code, body, created_at)
SELECT 1 + i % 20, 1 + i % 7, 'code ' || i, 'text ' || i, now() - i * interval '1 hour' FROM generate_series(1, 2000) AS i;
DELETE FROM audit;
