"""Processed zone: one source, parsed."""
