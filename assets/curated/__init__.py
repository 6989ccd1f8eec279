"""Curated zone: sources reconciled, and what racing derives."""
