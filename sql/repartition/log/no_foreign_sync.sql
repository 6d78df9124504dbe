{## Before the function that applies the log in use is called: no code but that of trusted roles may run by it. It
    writes to the table that is not in use, and takes what it applies out of a log. -##}
{% with written = [target, old, log, back_log], read = [source], called = [sync] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
