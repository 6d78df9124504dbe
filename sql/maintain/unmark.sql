-- Takes away what says that a partition is none any more, and since when.
-- Lock: SHARE UPDATE EXCLUSIVE on the partition, which readers and writers don't notice.
COMMENT ON {% if item.is_foreign %}FOREIGN {% endif %}TABLE {{ item.schema | ident }}.{{ item.name | ident }} IS NULL;
