"""The f1lake command line, a module per group of commands."""
