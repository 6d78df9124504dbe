{## Nothing of it is kept. -##}
DEALLOCATE executor_query_{{ number }};
