"""Raw zone: the bytes the sources sent."""
