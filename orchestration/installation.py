"""Computes what is the same for every home of an installation: ``python -m orchestration.installation``.

``make setup`` runs it. Without it nothing is missing: the first ingest computes the same, and takes longer.
Both results are found by the content they were made from, so a changed model or decoder is never overlooked.
"""

from pathlib import Path

from orchestration.environments import read_settings


def prepare_installation(cache: Path) -> None:
    """Compile the decoder of car and position data and parse the dbt project, unless that was done before.

    Args:
        cache: Folder that keeps both, for all homes.

    Raises:
        MartsProjectError: If the dbt project is not usable.
    """
    from lake.dbt_models import DBT_PROJECT
    from lake.dbt_run import DbtFolders, parsed_project
    from racing.feed.compiled_samples import compile_reader, use_compile_cache

    use_compile_cache(cache / "numba")
    compile_reader()
    parsed_project(DbtFolders(project=DBT_PROJECT, cache=cache / "dbt", work=cache / "dbt"))


if __name__ == "__main__":
    settings = read_settings()
    if settings.shared_cache:
        prepare_installation(settings.shared_cache)
