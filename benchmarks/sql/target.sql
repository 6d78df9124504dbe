{## The table that the algorithms of others fill: 100 LIST partitions of partition_key{% if with_indexes %}, with all indexes and foreign keys in place{% else %}, with the primary key in place{% endif %}. -##}
CREATE TABLE public.chunks_new (
  LIKE public.chunks INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
  partition_key integer NOT NULL,
  PRIMARY KEY (id, collection_id, partition_key)
) PARTITION BY LIST (partition_key);

DO $executor$
BEGIN
  FOR part IN 0 .. 99 LOOP
    EXECUTE format('CREATE TABLE public.chunks_part_%s PARTITION OF public.chunks_new FOR VALUES IN (%s)',
                   lpad(part::text, 2, '0'), part);
  END LOOP;
END
$executor$;
{% if with_indexes %}
{% include 'indexes.sql' %}
{% endif %}
