-- Whether partition_key is filled by a trigger; with routing=column the writers send it.
SELECT {{ routing | literal }} = 'expression'
