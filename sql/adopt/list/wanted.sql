{## Which column is asked for, a text. -##}
'a stored column whose values can be listed: text, a number, a date, uuid, or an enum'