{## Sees what an iteration sees. ##}
SELECT {{ item | literal }};
