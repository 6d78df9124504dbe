{## A filter that there is not. ##}
SELECT {{ plan | quoted }};
