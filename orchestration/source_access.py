"""Opens the source that the settings name, for the command line.

Inside a run that the UI started, ``assets/resources.py`` does the same from the resource's values.
"""

from typing import TYPE_CHECKING

from orchestration.environments import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from sources.f1_account import AccountCredentials
    from sources.online_layer import Announce, OnlineLayer
    from sources.open_source import Source


def account_credentials(settings: Settings) -> "AccountCredentials | None":
    """Return the credentials of the Formula 1 account; null where name or password is not set."""
    from sources.f1_account import AccountCredentials

    if settings.formula1_username is None or settings.formula1_password is None:
        return None
    return AccountCredentials(settings.formula1_username, settings.formula1_password)


def open_settings_source(settings: Settings, announce: "Announce") -> "Source":
    """Return the source of the settings.

    Args:
        settings: Settings of this process.
        announce: Told about every wait for a limit, in seconds, and why.

    Raises:
        InvalidSourceError: If the setting is no source, or names a folder that is not there.
    """
    from sources.open_source import NO_SOURCE, Source, open_source

    if settings.source == NO_SOURCE:
        return Source(())

    def make_online() -> "OnlineLayer":
        from sources.online_layer import OnlineLayer, OnlineSettings

        credentials = account_credentials(settings)
        return OnlineLayer(OnlineSettings(home=settings.home, credentials=credentials, announce=announce))

    def make_synthetic(name: str) -> "Path":
        from sources.synthetic.options import named_weekend
        from sources.synthetic.weekend import synthetic_mirror

        return synthetic_mirror(settings.home, named_weekend(name))

    return open_source(settings.source, make_online=make_online, make_synthetic=make_synthetic)
