{## Whether a row lies in another partition than the first: a condition, which an index on the column can answer. -##}
{{ key_column | ident }} >= {{ below.value | literal }}::{{ below.type_sql }}