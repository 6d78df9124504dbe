{## Fills a materialized view. Takes ACCESS EXCLUSIVE on it, on a server of our own. -##}
REFRESH MATERIALIZED VIEW {{ view | ident }}
