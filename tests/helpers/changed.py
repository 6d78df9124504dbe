"""What somebody may do to a table on Wednesday, and the name by which it has to be told."""

from __future__ import annotations

TRIGGER = """
CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER wednesday BEFORE UPDATE ON public.chunks FOR EACH ROW EXECUTE FUNCTION public.f()
"""
FOREIGN_KEY = """
CREATE TABLE public.days (id integer PRIMARY KEY);
ALTER TABLE public.chunks ADD CONSTRAINT wednesday FOREIGN KEY (a) REFERENCES public.days NOT VALID
"""
CHANGES = {
    "index": ("CREATE INDEX wednesday ON public.chunks (a)", "wednesday"),
    "column": ("ALTER TABLE public.chunks ADD COLUMN wednesday integer", "wednesday"),
    "trigger": (TRIGGER, "wednesday"),
    "grant": ("GRANT SELECT ON public.chunks TO pg_monitor", "pg_monitor"),
    "policy": ("CREATE POLICY wednesday ON public.chunks", "wednesday"),
    "view": ("CREATE VIEW public.wednesday AS SELECT * FROM public.chunks", "wednesday"),
    "foreign key": (FOREIGN_KEY, "wednesday"),
}
