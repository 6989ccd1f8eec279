"""Vocabulary and maths of the field: pure functions over numpy, polars and Arrow. No IO, no framework."""
