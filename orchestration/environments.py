"""The one place that reads the environment: settings of a process, read once and passed on.

An option given on the command line wins over the environment, the environment over the default. What the
values mean is documented in docs/reference/settings.md. Preparing the process for the libraries that are
configured by environment variables only (Dagster, numba) belongs here too.
"""

import os
import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.errors import HomeNotWritableError, InvalidSettingError

CATALOGS = ("local", "sql", "aws")
"""Closed list of catalog kinds."""

DEFAULT_SOURCE = "online"
DEFAULT_MEMORY_LIMIT = "1GB"

_ICEBERG_PREFIX = "PYICEBERG_CATALOG__DEFAULT__"
_MEMORY = re.compile(r"^\d+(\.\d+)?\s*(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$", re.IGNORECASE)


@dataclass(frozen=True)
class Setting:
    """One environment variable that the project reads: name, default, meaning."""

    name: str
    default: str
    meaning: str


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "F1LAKE_HOME", "~/.f1lake", "Folder of the local lake, the Dagster instance, staging, logs and state."
    ),
    Setting(
        "F1LAKE_CACHE",
        "~/.cache/f1lake",
        "Folder of what is computed once for all homes: the compiled decoder and the parsed dbt project. "
        "Where it cannot be written, each home keeps its own.",
    ),
    Setting(
        "F1LAKE_CATALOG",
        "local",
        "Where the catalog is: `local` (SQLite and a folder under the home) or `sql` (an SQL catalog with S3 "
        "or a folder). `aws` (Glue and S3) is not there yet.",
    ),
    Setting(
        "F1LAKE_SOURCE",
        "online",
        "What is read: `online`, `mirror:<dir>`, `fastf1-cache:<dir>`, `synthetic`, or several, stacked "
        "with commas.",
    ),
    Setting("F1LAKE_MEMORY_LIMIT", "1GB", "DuckDB's memory limit for queries and for building the marts."),
    Setting(
        "PYICEBERG_CATALOG__DEFAULT__URI",
        "",
        "Address of the `sql` catalog's database, as PyIceberg reads it.",
    ),
    Setting(
        "PYICEBERG_CATALOG__DEFAULT__WAREHOUSE",
        "",
        "Where the `sql` catalog keeps tables: `s3://bucket/lake`.",
    ),
    Setting(
        "PYICEBERG_CATALOG__DEFAULT__<PROPERTY>",
        "",
        "Any other PyIceberg catalog property: `..__S3__ENDPOINT` is `s3.endpoint`.",
    ),
    Setting("F1_USERNAME", "", "Formula 1 account that FastF1 signs in with; optional."),
    Setting("F1_PASSWORD", "", "Password of that account; read by FastF1 only."),
    Setting(
        "F1LAKE_TEST_DATA", "../shared/data", "Folder with recorded real responses; read by the tests only."
    ),
)
"""Every environment variable that the project reads, in the order of the reference page."""


@dataclass(frozen=True)
class Settings:
    """What a process was told: where the lake is, what is read, how much memory a query may take.

    Attributes:
        home: Absolute folder of the lake, the Dagster instance, staging, logs and state.
        shared_cache: Absolute folder of what is computed once for all homes; null keeps it in the home.
        catalog: Kind of catalog: local, sql or aws.
        source: What is read, as ``sources.open_source`` understands it.
        memory_limit: DuckDB's memory limit, such as ``1GB``.
        catalog_uri: Address of the SQL catalog; null for local.
        catalog_warehouse: Where the SQL catalog keeps tables; null for local.
        catalog_properties: Other PyIceberg catalog properties, in PyIceberg's own names.
        is_home_given: Whether an option or the environment names the home.
        formula1_username: Name of the Formula 1 account; null where there is none.
        formula1_password: Its password; null where there is none.
    """

    home: Path
    shared_cache: Path | None = None
    catalog: str = "local"
    source: str = DEFAULT_SOURCE
    memory_limit: str = DEFAULT_MEMORY_LIMIT
    catalog_uri: str | None = None
    catalog_warehouse: str | None = None
    catalog_properties: Mapping[str, str] = field(default_factory=dict)
    is_home_given: bool = field(default=False, compare=False)
    formula1_username: str | None = None
    formula1_password: str | None = field(default=None, repr=False)

    @property
    def cache(self) -> Path:
        """Folder of what can be computed again at any time: compiled code, parsed dbt projects."""
        return self.shared_cache or self.home / "cache"

    @property
    def dagster_home(self) -> Path:
        """Folder of the persistent Dagster instance."""
        return self.home / "dagster"

    @property
    def logs(self) -> Path:
        """Folder with one log file per run."""
        return self.home / "logs"

    @property
    def state(self) -> Path:
        """Folder of small files such as the history of the SQL prompt."""
        return self.home / "state"


def read_settings(
    *,
    home: Path | None = None,
    catalog: str | None = None,
    source: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Return the settings of this process: option, else environment, else default.

    Args:
        home: The option --home, where given.
        catalog: The option --catalog, where given.
        source: The option --source, where given.
        environment: Variables to read; null reads those of the process.

    Raises:
        InvalidSettingError: If a value is not one of those allowed; the message names the setting.
    """
    variables = os.environ if environment is None else environment
    iceberg = _iceberg_properties(variables)
    return Settings(
        home=_home(home, variables),
        is_home_given=home is not None or bool(variables.get("F1LAKE_HOME")),
        shared_cache=_shared_cache(variables),
        catalog=_catalog(catalog or variables.get("F1LAKE_CATALOG") or "local"),
        source=source or variables.get("F1LAKE_SOURCE") or DEFAULT_SOURCE,
        memory_limit=_memory_limit(variables.get("F1LAKE_MEMORY_LIMIT") or DEFAULT_MEMORY_LIMIT),
        catalog_uri=iceberg.pop("uri", None),
        catalog_warehouse=iceberg.pop("warehouse", None),
        catalog_properties=iceberg,
        formula1_username=variables.get("F1_USERNAME") or None,
        formula1_password=variables.get("F1_PASSWORD") or None,
    )


def prepare_process(settings: Settings, environment: MutableMapping[str, str] | None = None) -> None:
    """Set the variables that Dagster, dbt and numba read, for this process and its children.

    A value that is set already is respected for numba's cache only: two lakes must never share one Dagster
    instance because of a DAGSTER_HOME left over in a shell.

    Raises:
        HomeNotWritableError: If the home folder cannot be made.
    """
    variables = os.environ if environment is None else environment
    for folder in (settings.dagster_home, settings.logs, settings.state):
        _make(folder)
    variables["DAGSTER_HOME"] = str(settings.dagster_home)
    variables["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    variables["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    variables.setdefault("NUMBA_CACHE_DIR", str(settings.cache / "numba"))
    variables.update(child_environment(settings))


def child_environment(settings: Settings) -> dict[str, str]:
    """Return the variables that make a child process read these settings again."""
    variables = {
        "F1LAKE_HOME": str(settings.home),
        "F1LAKE_CATALOG": settings.catalog,
        "F1LAKE_SOURCE": settings.source,
        "F1LAKE_MEMORY_LIMIT": settings.memory_limit,
    }
    if settings.shared_cache is not None:
        variables["F1LAKE_CACHE"] = str(settings.shared_cache)
    located = {
        "uri": settings.catalog_uri,
        "warehouse": settings.catalog_warehouse,
        **settings.catalog_properties,
    }
    for name, value in located.items():
        if value is not None:
            variables[_ICEBERG_PREFIX + name.upper().replace(".", "__").replace("-", "_")] = value
    return variables


def _home(option: Path | None, variables: Mapping[str, str]) -> Path:
    text = str(option) if option is not None else variables.get("F1LAKE_HOME") or "~/.f1lake"
    # Iceberg stores absolute paths, so a link to a home must name the same place as the home itself.
    home = Path(text).expanduser().resolve()
    # A folder that may not be looked into is met when it is used, and named then.
    if os.access(home, os.F_OK) and not home.is_dir():
        raise InvalidSettingError(f"F1LAKE_HOME is {home}, which is a file: give a folder (or --home FOLDER)")
    return home


def _shared_cache(variables: Mapping[str, str]) -> Path | None:
    """Return the folder; null where it could not be written, as in a container without a home of its own."""
    caches = variables.get("XDG_CACHE_HOME") or "~/.cache"
    folder = Path(variables.get("F1LAKE_CACHE") or f"{caches}/f1lake").expanduser().resolve()
    existing = next(place for place in (folder, *folder.parents) if os.access(place, os.F_OK))
    return folder if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK) else None


def _catalog(value: str) -> str:
    if value not in CATALOGS:
        raise InvalidSettingError(f"F1LAKE_CATALOG is {value!r}: use one of {', '.join(CATALOGS)}")
    return value


def _memory_limit(value: str) -> str:
    if not _MEMORY.match(value.strip()):
        raise InvalidSettingError(f"F1LAKE_MEMORY_LIMIT is {value!r}: write a size such as 500MB or 2GB")
    return value.strip()


def _iceberg_properties(variables: Mapping[str, str]) -> dict[str, str]:
    """Return PyIceberg's properties of the default catalog, named as PyIceberg names them."""
    return {
        name.removeprefix(_ICEBERG_PREFIX).replace("__", ".").replace("_", "-").lower(): value
        for name, value in variables.items()
        if name.startswith(_ICEBERG_PREFIX) and value
    }


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HomeNotWritableError(
            f"cannot make {folder} ({error.strerror}): choose another home with --home or F1LAKE_HOME"
        ) from error
