-- Whether partition_key is filled by a trigger; with routing=column the writers send it.
SELECT {{ layout | literal }} = 'list_by_hash' AND {{ routing | literal }} = 'expression'
