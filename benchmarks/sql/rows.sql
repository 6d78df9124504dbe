{## {{ rows }} chunks for benchmarks: text of a few hundred to two thousand characters, one in a hundred more than
    8 kB, so that it is compressed and kept apart; a few large collections and many small ones. The same rows
    every time. Whole paragraphs are put together, so that ten million rows take minutes, not hours. -##}
CREATE TEMP TABLE paragraphs AS
SELECT
  n AS number,
  (SELECT string_agg(word.list[1 + abs(hashtextextended('word', n * 1000 + i) % 48)]
    || CASE WHEN i % 9 = 0 THEN '.' ELSE '' END, ' ' ORDER BY i)
   FROM generate_series(1, 25 + n % 60) AS i) || '. ' AS text
FROM generate_series(0, 4095) AS n
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

CREATE UNIQUE INDEX ON paragraphs (number);
ANALYZE paragraphs, public.collections, public.documents;

INSERT INTO public.chunks
  (collection_id, document_id, chunking_config_id, chunk_index, content, token_count,
   embedding_vector_id, meta, created_at, updated_at)
SELECT
  collection.id, document.id, 1 + n % 3, n, text.content, length(text.content) / 5, md5('vector ' || n),
  json_build_object('page', n % 400, 'language', CASE n % 5 WHEN 0 THEN 'de' ELSE 'en' END),
  timestamptz '2025-01-01 00:00:00+00' + n * interval '3 seconds',
  timestamptz '2025-01-01 00:00:00+00' + n * interval '3 seconds'
FROM generate_series(1, {{ rows }}) AS n
CROSS JOIN LATERAL (
  SELECT floor(800 * power((hashint8extended(n, 1) & 1048575) / 1048576.0::float8, 1.5))::integer AS number
) AS c
JOIN public.collections AS collection ON collection.name = 'collection ' || c.number
JOIN public.documents AS document ON document.title = 'document ' || c.number * 6 + n % 6
JOIN paragraphs AS p ON p.number = hashint8extended(n, 2) & 4095
JOIN paragraphs AS q ON q.number = hashint8extended(n, 3) & 4095
CROSS JOIN LATERAL (
  SELECT CASE
    WHEN n % 100 = 0 THEN (
      SELECT string_agg(r.text, '' ORDER BY i) FROM generate_series(1, 40) AS i
      JOIN paragraphs AS r ON r.number = hashint8extended(n, 10 + i) & 4095)
    WHEN n % 5 = 0 THEN p.text
    WHEN n % 4 = 0 THEN p.text || q.text || p.text || q.text
    ELSE p.text || q.text END || n
  OFFSET 0
) AS text (content);
