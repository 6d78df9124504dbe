{## How many blocks and rows the table c has, and how many blocks (step) about {{ rows }} rows take. ##}
CROSS JOIN LATERAL (
  SELECT coalesce(pg_relation_size(c.oid), 0) / current_setting('block_size')::bigint AS blocks
) AS size
CROSS JOIN LATERAL (
  -- Never analyzed: guess rows of 500 bytes, which only sizes the batches.
  SELECT size.blocks,
    CASE WHEN c.reltuples > 0 AND c.relpages > 0
      THEN c.reltuples::float8 / c.relpages * size.blocks
      ELSE size.blocks * 16::float8 END AS rows
) AS estimate
CROSS JOIN LATERAL (
  -- Without a block there is nothing to cut: one step spans all blocks that a table can have.
  SELECT estimate.blocks, estimate.rows,
    CASE WHEN estimate.blocks = 0 THEN 4294967296
      ELSE greatest(1, ceil({{ rows }} * estimate.blocks / greatest(estimate.rows, 1)))::bigint
    END AS step
) AS s
