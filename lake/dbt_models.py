"""What the SQL models of ``dbt_project`` read, and the version of their logic, from their files alone.

Nothing here imports dbt, so that declaring the marts as assets costs no start-up time; a test holds the
answers equal to dbt's own manifest. Running the models is ``lake/dbt_build.py``.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from lake.errors import MartsProjectError

DBT_PROJECT = Path(__file__).resolve().parent.parent / "dbt_project"
"""Folder of the dbt project, in a checkout as in an installed wheel. It is only read."""

SCOPE_SOURCE = "scope"
"""Source that holds what to build, not rows of the lake."""

MARTS = "marts"
"""Folder of the models that are published, and the zone they are published to."""

_REF = re.compile(r"\bref\(\s*'([^']+)'\s*\)")
_SOURCE = re.compile(r"\bsource\(\s*'([^']+)'\s*,\s*'([^']+)'\s*\)")


@dataclass(frozen=True)
class SqlModel:
    """One model or seed of the project.

    Attributes:
        name: Name that ``ref`` uses.
        layer: Folder: staging, intermediate, marts or seeds.
        text: Contents of its file.
        refs: Models and seeds it reads.
        sources: Tables of the lake it reads, ``zone.table``.
    """

    name: str
    layer: str
    text: str
    refs: tuple[str, ...]
    sources: tuple[str, ...]


def sql_models(project: Path = DBT_PROJECT) -> dict[str, SqlModel]:
    """Return the models and seeds of the project by name.

    Args:
        project: Folder of the dbt project.

    Raises:
        MartsProjectError: If the folder holds no models, or a model reads one that is not there.
    """
    files = sorted([*(project / "models").rglob("*.sql"), *(project / "seeds").rglob("*.csv")])
    models = {path.stem: _model(path) for path in files}
    if not any(model.layer == MARTS for model in models.values()):
        raise MartsProjectError(f"no models of marts under {project}: the installation is not complete")
    for model in models.values():
        missing = [name for name in model.refs if name not in models]
        if missing:
            raise MartsProjectError(
                f"model {model.name} reads {', '.join(missing)}, which is not in {project}"
            )
    return models


def project_digest(project: Path = DBT_PROJECT) -> str:
    """Return the SHA-256 of every file of the project that dbt reads."""
    digest = hashlib.sha256()
    for path in sorted(project.rglob("*")):
        if path.suffix in {".sql", ".yml", ".csv"} and path.is_file():
            digest.update(f"{path.relative_to(project).as_posix()}\0".encode())
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def mart_inputs(project: Path = DBT_PROJECT) -> dict[str, list[str]]:
    """Return what each mart is computed from: tables of the lake, other marts included.

    Staging and intermediate models are followed down; a mart that is read stands for itself.

    Returns:
        ``marts.fct_lap`` to the sorted names of its inputs.
    """
    models = sql_models(project)
    found: dict[str, list[str]] = {}
    for mart in _marts(models):
        upstream = _upstream(models, mart)
        sources = {source for model in upstream for source in model.sources}
        marts = {f"{MARTS}.{model.name}" for model in upstream if model.layer == MARTS and model != mart}
        found[f"{MARTS}.{mart.name}"] = sorted(sources | marts)
    return found


def mart_logic_versions(project: Path = DBT_PROJECT) -> dict[str, int]:
    """Return a number for the SQL of each mart: it changes when the SQL of the mart or of its models does.

    The SQL of another mart does not count: that one has a number of its own, and reaches its dependants
    through the ledger. Macros count for every mart.

    Returns:
        ``marts.fct_lap`` to the first 28 bits of the digest of its SQL.
    """
    models = sql_models(project)
    macros = [path.read_text("utf-8") for path in sorted((project / "macros").rglob("*.sql"))]
    versions: dict[str, int] = {}
    for mart in _marts(models):
        texts = [
            f"{model.name}\0{model.text}"
            for model in _upstream(models, mart)
            if model.layer != MARTS or model == mart
        ]
        digest = hashlib.sha256("\0".join([*macros, *sorted(texts)]).encode()).hexdigest()
        versions[f"{MARTS}.{mart.name}"] = int(digest[:7], 16)
    return versions


def _model(path: Path) -> SqlModel:
    text = path.read_text("utf-8")
    sources = [f"{zone}.{table}" for zone, table in _SOURCE.findall(text) if zone != SCOPE_SOURCE]
    return SqlModel(
        name=path.stem,
        layer=path.parent.name,
        text=text,
        refs=tuple(dict.fromkeys(_REF.findall(text))),
        sources=tuple(dict.fromkeys(sources)),
    )


def _marts(models: dict[str, SqlModel]) -> list[SqlModel]:
    return [model for model in models.values() if model.layer == MARTS]


def _upstream(models: dict[str, SqlModel], mart: SqlModel) -> list[SqlModel]:
    """Return the mart and everything it reads; what another mart reads is that mart's matter."""
    found: dict[str, SqlModel] = {}
    waiting = [mart]
    while waiting:
        model = waiting.pop()
        if model.name in found:
            continue
        found[model.name] = model
        if model is mart or model.layer != MARTS:
            waiting.extend(models[name] for name in model.refs)
    return list(found.values())
