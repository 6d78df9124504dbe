{## What a constraint would say at the end of the transaction, it says now. -##}
SET CONSTRAINTS ALL IMMEDIATE
