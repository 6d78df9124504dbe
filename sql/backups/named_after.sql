{## Whether `own.name` is the name of the table of an entry with an ending: whole, or cut, with a digest between. -##}
(starts_with(own.name, entry.original || '_') OR (
    SELECT at > 1 AND starts_with(entry.original, left(own.name, at - 1))
    FROM strpos(own.name, '_' || left(md5(convert_to(entry.original, 'UTF8')), 8) || '_') AS at))
