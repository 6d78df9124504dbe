-- Writes down what a verification found; null: nothing.
UPDATE {{ registry | ident }} SET verified_at = clock_timestamp(), finding = {{ finding | literal }} WHERE id = {{ id }};
