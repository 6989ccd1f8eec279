"""Marts: facts and dimensions that dbt builds and lake publishes."""
