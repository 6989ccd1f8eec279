"""Dagster's resources: each only builds a plain object that knows nothing of Dagster."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from pydantic import Field

from lake.lake import Lake
from lake.settings import LakeSettings
from sources.f1_account import AccountCredentials
from sources.online_layer import OnlineLayer, OnlineSettings
from sources.open_source import NO_SOURCE, Source, open_source


class LakeResource(dg.ConfigurableResource[Lake]):
    """Opens the lake for a run and closes it afterwards."""

    home: str = Field(description="Folder of the local lake, of staging, locks and state.")
    cache: str | None = Field(default=None, description="Folder of compiled code and parsed dbt projects.")
    catalog: str = Field(default="local", description="local or sql.")
    uri: str | None = Field(default=None, description="Address of the SQL catalog.")
    warehouse: str | None = Field(default=None, description="Where the SQL catalog keeps tables.")
    properties: dict[str, str] = Field(default={}, description="PyIceberg's own catalog properties.")
    memory_limit: str = Field(default="1GB", description="DuckDB's memory limit.")

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Lake]:
        """Yield the open lake."""
        settings = LakeSettings(
            home=Path(self.home),
            cache=Path(self.cache) if self.cache else None,
            catalog=self.catalog,
            uri=self.uri,
            warehouse=self.warehouse,
            properties=dict(self.properties),
            memory_limit=self.memory_limit,
        )
        log = context.log

        def say(sentence: str) -> None:
            if log is not None:
                log.info(sentence)

        with Lake.open(settings, on_wait=say) as lake:
            yield lake


class SourceResource(dg.ConfigurableResource[Source]):
    """Opens the source that the setting names."""

    value: str = Field(
        description="online, mirror:<dir>, fastf1-cache:<dir>, synthetic; stacked with commas."
    )
    home: str = Field(description="Folder of the request book and of invented weekends.")
    base_urls: dict[str, str] = Field(default={}, description="Address prefix to the one really asked.")
    username: str | None = Field(default=None, description="Formula 1 account; null asks without signing in.")
    password: str | None = Field(default=None, description="Password of that account.")

    def create_resource(self, context: dg.InitResourceContext) -> Source:
        """Return the source."""
        if self.value == NO_SOURCE:
            return Source(())
        log = context.log
        home = Path(self.home)

        def announce(seconds: float, reason: str) -> None:
            if log is not None:
                log.info(f"waiting {seconds:.0f} s: {reason}")

        def make_online() -> OnlineLayer:
            credentials = (
                AccountCredentials(self.username, self.password) if self.username and self.password else None
            )
            return OnlineLayer(
                OnlineSettings(
                    home=home, base_urls=self.base_urls, credentials=credentials, announce=announce
                )
            )

        def make_synthetic(name: str) -> Path:
            from sources.synthetic.options import named_weekend
            from sources.synthetic.weekend import synthetic_mirror

            return synthetic_mirror(home, named_weekend(name))

        return open_source(self.value, make_online=make_online, make_synthetic=make_synthetic)
