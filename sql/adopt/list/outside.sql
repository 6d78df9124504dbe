{## Whether a row lies in another partition than the first: a condition. -##}
{{ key_column | ident }} <> ALL ({{ values | literal }}::{{ below.type_sql }}[])