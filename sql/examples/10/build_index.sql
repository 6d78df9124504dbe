-- Lock: SHARE on one table, so writers of the others are not held up.
{% set table = 'shard_%d' | format(item) %}
{% set index = 'shard_%d_digest_idx' | format(item) %}
CREATE INDEX {{ index | ident }} ON example_10.{{ table | ident }} (digest);
