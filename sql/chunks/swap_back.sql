-- Puts the old table back in its place, the mirror of the swap. What was granted, commented or
-- created on the table since comes along; rows that were written since do not, so there may be none.
-- Lock: ACCESS EXCLUSIVE on both tables, their partitions and the views on them. Waiting for it ends
-- after lock_timeout; it is held while the rows are compared, and some milliseconds more.
{% with arriving = old, arriving_ending = '_old_' ~ timestamp, leaving = target, leaving_ending = '_new_' ~ timestamp, back = true %}
{% include 'chunks/swap_difference.sql' %}
{% include 'chunks/swap_pairs.sql' %}
{% include 'chunks/swap_lock.sql' %}
{% include 'chunks/swap_check.sql' %}
{% include 'chunks/swap_rows.sql' %}
{% include 'chunks/swap_capture.sql' %}
{% include 'chunks/swap_sequences.sql' %}
{% include 'chunks/swap_names.sql' %}
{% include 'chunks/swap_apply.sql' %}
{% include 'chunks/swap_publications.sql' %}
{% include 'chunks/swap_proof.sql' %}
{% endwith %}
