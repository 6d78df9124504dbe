{## The name of the partition `item`: `of_item`. It is that of the table, and of its lower bound. ##}
{% set of_item = facts.bounds[item].identity | name if item is defined and facts.bounds else source %}
