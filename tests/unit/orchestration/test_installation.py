"""What set-up computes is there for every home, and computed once."""

import pytest

from lake import dbt_run
from orchestration.environments import read_settings
from orchestration.installation import prepare_installation


def test_set_up_parses_and_compiles_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = read_settings().cache
    prepare_installation(cache)
    assert list((cache / "dbt").glob("*/parsed"))
    dbt_run._parsed.cache_clear()
    monkeypatch.setattr(dbt_run, "_parse", None)
    prepare_installation(cache)
