{## The table that the run `r` is about, as text; null if its plan does not say. Runs of the version that had no
    `subject` had the table in the variable `source`. -##}
CASE WHEN r.variables ? '--subject' THEN r.variables ->> (r.variables ->> '--subject') ELSE r.variables ->> 'source' END
