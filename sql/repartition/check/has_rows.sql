-- Whether there is anything to back up. A view can't be sampled: were it one by now, its functions would run.
SELECT EXISTS (SELECT FROM {{ source | ident }} TABLESAMPLE SYSTEM (100))
