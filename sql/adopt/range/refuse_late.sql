{## Refuses to go on where the bound is nearer than `least`: rows beyond it are refused as long as the CHECK stands. -##}
{% from 'adopt/bound/which.sql' import below with context %}
{% from 'layout/range/interval.sql' import unit with context %}
{% if unit and below.value %}
DO {% set body %}

BEGIN
  IF clock_timestamp() + {{ least | literal }}::interval > {% include 'adopt/range/at.sql' %} THEN
    RAISE EXCEPTION USING
      MESSAGE = {{ ('the bound ' ~ below.value ~ ' is nearer than ' ~ least ~ ': rows beyond it are refused until the table has partitions') | literal }},
      HINT = 'Roll this run back (executor rollback), which takes the CHECK executor_bound away, and begin anew: with a later bound, or with none, which finds one.';
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
{% endif %}
