{## A template that judges by itself: its last statement returns the findings. ##}
{% include sql %}
