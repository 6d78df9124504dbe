{## Each statement is taken apart, which is done by executor itself: a script can't ask. ##}
SELECT
  'statements that name ' || {{ left | name | literal }} AS subject,
  'as fast as before' AS expected,
  'not looked at by a script; executor queries shows them' AS actual,
  NULL::boolean AS passed;
