{## A repeated step in a printed script: every pass is a transaction of its own. ##}
DO ${{ tag }}$
BEGIN
  FOR pass IN 1 .. {{ at_most }} LOOP
    EXIT WHEN (
{{ until }}
    );
    COMMIT;
    SET TRANSACTION ISOLATION LEVEL {{ isolation }};
    EXECUTE ${{ tag }}_pass$
{{ sql }}
    ${{ tag }}_pass$;
    COMMIT;
  END LOOP;
  IF (
{{ until }}
  ) IS NOT TRUE THEN
    RAISE EXCEPTION USING MESSAGE = {{ title | literal }};
  END IF;
END
${{ tag }}$;
