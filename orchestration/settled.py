"""Weekends that are as their newest run left them: kept as a file each, so that asking needs no Dagster.

Loading Dagster takes longer than finding out that a weekend has not changed. A weekend is settled from the
end of a run of the command line that went well, or that was found to have nothing to do, until its next run
begins, whoever starts that. The files lie beside Dagster's own, and go with them.
"""

from collections.abc import Collection
from pathlib import Path

from orchestration.environments import Settings


def settle(settings: Settings, weekend_key: str) -> None:
    """Note that a run of a weekend went well."""
    path = _path(settings, weekend_key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def unsettle(settings: Settings, weekend_key: str) -> None:
    """Note that a run of a weekend begins."""
    _path(settings, weekend_key).unlink(missing_ok=True)


def are_settled(settings: Settings, weekend_keys: Collection[str]) -> bool:
    """Return whether the newest runs of all weekends went well, as far as is known without Dagster."""
    return all(_path(settings, key).exists() for key in weekend_keys)


def is_any_settled(settings: Settings) -> bool:
    """Return whether any weekend is settled."""
    folder = _folder(settings)
    return folder.is_dir() and any(folder.iterdir())


def _folder(settings: Settings) -> Path:
    return settings.dagster_home / "settled"


def _path(settings: Settings, weekend_key: str) -> Path:
    return _folder(settings) / weekend_key
