{## Why there is no bound, a text. -##}
'none: say which values the rows of now have, --var values=a,b,c'