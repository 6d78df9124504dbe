-- Names that need quotes, and signs that mean something to formats and shells.
CREATE SCHEMA "My Schema";
CREATE TABLE "My Schema"."we""ird" (id integer PRIMARY KEY, "col ' ID%" varchar NOT NULL, "n'a""m%e" text);
CREATE INDEX "we""ird_i'dx" ON "My Schema"."we""ird" ("n'a""m%e");
INSERT INTO "My Schema"."we""ird" SELECT i, 'x' || i % 30, 'y' FROM generate_series(1, 100) AS i;
