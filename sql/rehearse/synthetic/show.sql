{## Who owns a table may look up the rows that its own refer to, as long as they are made. -##}
GRANT SELECT ON {{ table | ident }} TO {{ role | ident }}
