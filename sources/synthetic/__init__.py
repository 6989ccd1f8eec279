"""An invented race weekend, written in the upstream's own formats.

Everything in it is made up: drivers, teams, circuit, country, times. It exists so that everything else can
be tried and tested without real data, against a truth that is known.
"""
