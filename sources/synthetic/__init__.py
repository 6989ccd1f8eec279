"""An invented race weekend, written in the upstream's own formats."""
