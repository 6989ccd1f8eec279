"""One module per table: its contract (columns, key, scope)."""
