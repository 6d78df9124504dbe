{## Includes what is not there. ##}
{% include 'nowhere.sql' %}
