{## Stands for any condition. ##}
SELECT true
