{## Whether the trigger `t` fills partition_key of the number of a hash, and does nothing else: an expression. What its function is called says
    nothing, as the application may call one so. `f` is that function, a row of pg_proc. -##}
(t.tgname = 'zz_partition_key' AND NOT t.tgisinternal AND f.prosrc ~ ('^\nBEGIN\n(  --[^\n]*\n)?  NEW[.]partition_key := '
  '([(]SELECT )?abs[(]hashtext[(](NEW|r)[.][^\n]*::text[)] % [0-9]{1,4}[)]( FROM [(]SELECT NEW[.][*][)] AS r[)])?;\n  RETURN NEW;\nEND\n$'))