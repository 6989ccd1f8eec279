{#- Values that the dimension does not have, with the columns that hold them and the number of rows.
    A null refers to nothing. One query for all dimensions of a table, as every test has a cost of its own. -#}
{% test refers_to(model, dimensions) %}

{%- for dimension in dimensions %}
select
    '{{ dimension.columns | join(', ') }}' as columns_at_fault,
    '{{ dimension.to }}' as not_in,
    concat_ws(', ', {% for column in dimension.columns %}facts.{{ column }}{{ ', ' if not loop.last }}{% endfor %}) as value,
    count(*) as rows_count
from {{ model }} as facts
where
    {%- for column in dimension.columns %}
    facts.{{ column }} is not null and
    {%- endfor %}
    not exists (
        select 1
        from {{ dimension.to }} as dimension
        where
            {%- for column in dimension.columns %}
            dimension.{{ dimension.to_columns[loop.index0] }} = facts.{{ column }}
            {%- if not loop.last %} and{% endif %}
            {%- endfor %}
    )
group by all
{% if not loop.last %}
union all
{% endif %}
{%- endfor %}

{% endtest %}
