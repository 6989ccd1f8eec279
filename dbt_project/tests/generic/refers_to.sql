{#- Values of the columns that the dimension does not have, with the number of rows that hold them.
    A null refers to nothing. -#}
{% test refers_to(model, columns, to, to_columns) %}

select
    {%- for column in columns %}
    facts.{{ column }},
    {%- endfor %}
    count(*) as rows_count
from {{ model }} as facts
where
    {%- for column in columns %}
    facts.{{ column }} is not null and
    {%- endfor %}
    not exists (
        select 1
        from {{ to }} as dimension
        where
            {%- for column in columns %}
            dimension.{{ to_columns[loop.index0] }} = facts.{{ column }}
            {%- if not loop.last %} and{% endif %}
            {%- endfor %}
    )
group by all

{% endtest %}
