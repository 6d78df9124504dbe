{## Whether the index `i` of the table `r` can be said again without running code of a role that is not trusted, when its
    definition is read: an expression. Of columns alone anybody's can. -##}
(i.indexprs IS NULL AND i.indpred IS NULL OR r.relowner IN (
{% include 'security/trusted_roles.sql' %}
))
