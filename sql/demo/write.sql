-- A write of the application: a new chunk, a changed one, or a deleted one.
{% if n % 10 < 4 %}
INSERT INTO public.chunks (collection_id, document_id, chunking_config_id, chunk_index, content, token_count)
SELECT collection_id, id, 1, 1000000 + {{ n }}, 'Written while the table moved.', 5
FROM public.documents WHERE id = md5('document ' || {{ n * 7 % 4800 }})::uuid;
{% elif n % 10 < 9 %}
UPDATE public.chunks SET content = content || ' Changed while the table moved.'
WHERE id = {{ n * 7919 % rows + 1 }};
{% else %}
DELETE FROM public.chunks WHERE id = {{ n * 104729 % rows + 1 }};
{% endif %}
