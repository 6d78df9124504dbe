{## Needs the variable `greeting`. ##}
SELECT
  {{ greeting | literal }};
