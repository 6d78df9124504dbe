{## Matches what a run has named by its time: only executor's own statements name that. ##}
'_(old|log|back|sync|undo|backup)_\d{8}_\d{6}'
