{## The name of the partition `item`: `of_item`. It is that of the table, and of its value, or else of its number. ##}
{% set of_item = source | suffix(facts.bounds[item].stem) if item is defined and facts.bounds else source %}
