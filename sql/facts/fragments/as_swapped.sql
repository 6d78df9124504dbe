{## Whether an object with the row `alias` in the catalog is still as the swap has made it, whose transaction the catalog knows of
    the comment on the old table: an expression. What of a column that got another type is printed, is not what was said. -##}
EXISTS (
    SELECT FROM pg_description AS d
    WHERE d.classoid = 'pg_class'::regclass AND d.objoid = to_regclass({{ old | literal }}) AND d.objsubid = 0 AND d.xmin = {{ alias | ident }}.xmin)