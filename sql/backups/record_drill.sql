-- Writes down what a drill found; null: nothing.
UPDATE {{ registry | ident }} SET drilled_at = clock_timestamp(), drill_finding = {{ finding | literal }} WHERE id = {{ id }};
