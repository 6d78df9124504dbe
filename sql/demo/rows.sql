-- Chunks of varied text: a few large collections and many small ones, mostly half a
-- kilobyte to two, now and then more than 8 kB. The same rows every time: nothing is random.
CREATE TEMP TABLE sentences ON COMMIT DROP AS
SELECT
  n AS number,
  (SELECT initcap(left(w.text, 1)) || substr(w.text, 2) || '. ' FROM (
    SELECT string_agg(word.list[1 + abs(hashtextextended('word', n * 100 + i) % 48)], ' ' ORDER BY i) AS text
    FROM generate_series(1, 6 + n % 11) AS i) AS w) AS text
FROM generate_series(0, 999) AS n
CROSS JOIN (SELECT string_to_array(
  'the a every some one query index table row page memory disk river stone letter garden morning '
  'answer model vector passage document writes reads finds keeps moves holds returns quickly slowly '
  'always never with without under over between beside large small old new quiet bright measured '
  'partition collection order', ' ')) AS word (list);

INSERT INTO public.chunking_configs VALUES (1, 'recursive'), (2, 'semantic'), (3, 'by heading');

INSERT INTO public.collections (id, name)
SELECT md5('collection ' || n)::uuid, 'collection ' || n FROM generate_series(0, 799) AS n;

INSERT INTO public.documents (id, collection_id, title)
SELECT md5('document ' || n)::uuid, md5('collection ' || n / 6)::uuid, 'document ' || n
FROM generate_series(0, 4799) AS n;

INSERT INTO public.chunks
  (collection_id, document_id, chunking_config_id, chunk_index, content, token_count,
   embedding_vector_id, meta, created_at, updated_at)
SELECT
  md5('collection ' || c.number)::uuid,
  md5('document ' || c.number * 6 + n % 6)::uuid,
  1 + n % 3,
  row_number() OVER (PARTITION BY c.number, n % 6 ORDER BY n) - 1,
  text.content,
  length(text.content) / 5,
  md5('vector ' || n),
  json_build_object('page', n % 400, 'language', CASE n % 5 WHEN 0 THEN 'de' ELSE 'en' END),
  timestamptz '2025-01-01 00:00:00+00' + n * interval '3 seconds',
  timestamptz '2025-01-01 00:00:00+00' + n * interval '3 seconds'
FROM generate_series(1, {{ rows }}) AS n
CROSS JOIN LATERAL (
  SELECT floor(800 * power((hashint8extended(n, 1) & 1048575) / 1048576.0, 1.5))::integer AS number
) AS c
JOIN (
  SELECT n, string_agg(s.text, '') AS content
  FROM generate_series(1, {{ rows }}) AS n
  CROSS JOIN LATERAL generate_series(
    1, CASE WHEN n % 500 = 0 THEN 170 ELSE 4 + (hashint8extended(n, 0) & 15)::integer END) AS i
  JOIN sentences AS s ON s.number = abs(hashint8extended(n, i) % 1000)
  GROUP BY n
) AS text USING (n);
