"""When Python looks for cycles of objects: seldom while a command loads, as usual once it works.

Loading Dagster, PyIceberg and pandas makes a great many objects, and none of them is garbage.
"""

import gc

_WHILE_LOADING = 100_000
"""New objects between two looks, while a command loads."""

_usual = gc.get_threshold()


def collect_seldom() -> None:
    """Look for cycles seldom from here on; for a process of its own, at its start."""
    gc.set_threshold(_WHILE_LOADING, *_usual[1:])


def collect_as_usual() -> None:
    """Look for cycles as usual again, and never again in what is loaded; nothing where it was not put off."""
    if gc.get_threshold()[0] == _WHILE_LOADING:
        gc.freeze()
        gc.set_threshold(*_usual)
