select
    season,
    weekend_key,
    subject_key,
    topic,
    coverage_status,
    is_essential,
    byte_count,
    rows_count,
    reason,
from {{ source('curated', 'coverage') }}
