-- Ends the log of what is written to the table, and drops the function that reads it.
{% include 'repartition/log/end_capture.sql' %}
DROP FUNCTION IF EXISTS {{ sync | ident }}(boolean, integer, integer);
