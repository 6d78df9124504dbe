{## The types whose values can be listed: an array. -##}
'{text,varchar,bpchar,int2,int4,int8,numeric,uuid,date}'::regtype[]