-- Puts the new table in the place of the old one, with all that hung on it: the new world or the old
-- one, nothing between.
-- Lock: ACCESS EXCLUSIVE on both tables, their partitions and the views on them. Waiting for it ends
-- after lock_timeout; it is held while the rows are compared, and some milliseconds more.
{% with arriving = target, arriving_ending = '_new_' ~ timestamp, leaving = old, leaving_ending = '_old_' ~ timestamp, back = false %}
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
