select
    weekend_key,
    cast(split_part(weekend_key, '-', 1) as integer) as season,
from {{ source('scope', 'weekends') }}
