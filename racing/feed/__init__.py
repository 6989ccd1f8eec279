"""Decoding of the live-timing wire format, shared by archive, replay and live."""
