{## What reads the table that leaves, written down: what is in it is asked afterwards, under locks, and then it is to
    be what was written down (readers_same.sql), for a view that came or was replaced since would be said again all
    the same. -##}
CREATE TEMPORARY TABLE swap_readers ON COMMIT DROP AS
{% include 'tables/reading.sql' %};
