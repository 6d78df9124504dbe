{## None: the variables say it all. -##}
SELECT NULL::integer AS number WHERE false
