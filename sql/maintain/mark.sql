{## How the comment of a table begins that was a partition of the table, or is about to be none: {% from 'maintain/mark.sql' import mark, leaving with context %}
    The name of the table follows, a time, and marked_oids.sql: two tables can have had one name, and a comment can have been
    copied with a table. Who drops it compares them all. `leaving` is said before a partition is detached CONCURRENTLY, and says by
    whom that was begun. It never leads to a drop, as somebody else can have detached the partition in between. ##}
{% set mark = 'executor: a partition of ' %}
{% set leaving = 'executor: about to be detached from ' %}
