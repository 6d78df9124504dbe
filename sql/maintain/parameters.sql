{## Storage parameters of `parameters`, as in WITH (...). -##}
{% for parameter in parameters %}{% if parameter.toast %}toast.{% endif %}{{ parameter.name | ident }} = {{ parameter.value | literal }}{% if not loop.last %}, {% endif %}{% endfor %}
