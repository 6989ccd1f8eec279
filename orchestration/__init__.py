"""Definitions, jobs, settings and the f1lake command line."""
