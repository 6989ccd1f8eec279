"""Everything we fetch, in the source's own words."""
