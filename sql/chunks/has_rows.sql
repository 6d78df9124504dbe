-- Whether there is anything to back up.
SELECT EXISTS (SELECT FROM {{ source | ident }})
