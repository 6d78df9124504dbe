-- Whether there is anything to copy, and a copy is wanted. A view can't be sampled: were it one by now, its functions would run.
SELECT {{ (backup == 'copy') | literal }} AND EXISTS (SELECT FROM {{ source | ident }} TABLESAMPLE SYSTEM (100))
