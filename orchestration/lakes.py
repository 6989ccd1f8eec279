"""Opens the lake that the settings describe; the lake itself knows no environment and no option."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from orchestration.environments import Settings

if TYPE_CHECKING:
    from lake.lake import Lake
    from lake.settings import LakeSettings


def lake_settings(settings: Settings) -> "LakeSettings":
    """Return the settings in the lake's own terms."""
    from lake.settings import LakeSettings

    return LakeSettings(
        home=settings.home,
        cache=settings.cache,
        catalog=settings.catalog,
        uri=settings.catalog_uri,
        warehouse=settings.catalog_warehouse,
        properties=dict(settings.catalog_properties),
        memory_limit=settings.memory_limit,
    )


def open_lake(settings: Settings, on_wait: Callable[[str], None] | None = None) -> "Lake":
    """Return the lake of the settings, to write; a local one is made where it is absent.

    What a killed process had decided is finished first.

    Args:
        settings: Settings of this process.
        on_wait: Told, in a sentence, when another process is waited for.
    """
    from lake.lake import Lake

    chosen = lake_settings(settings)
    return Lake.open(chosen) if on_wait is None else Lake.open(chosen, on_wait=on_wait)


def open_existing_lake(settings: Settings) -> "Lake":
    """Return the lake of the settings, to read.

    Raises:
        LakeNotFoundError: If nothing was written at this home yet.
    """
    from lake.lake import Lake

    return Lake.open(lake_settings(settings), read_only=True)
