"""Settings: option, else environment, else default; wrong values name the setting."""

from pathlib import Path

import pytest

from orchestration.environments import (
    SETTINGS,
    Settings,
    child_environment,
    prepare_process,
    read_settings,
)
from orchestration.errors import HomeNotWritableError, InvalidSettingError


def test_option_wins_over_environment_and_environment_over_default(tmp_path: Path) -> None:
    environment = {"F1LAKE_HOME": "/from/environment", "F1LAKE_SOURCE": "synthetic"}
    by_option = read_settings(home=tmp_path, source="mirror:/m", environment=environment)
    assert (by_option.home, by_option.source) == (tmp_path, "mirror:/m")
    by_environment = read_settings(environment=environment)
    assert (by_environment.home, by_environment.source) == (Path("/from/environment"), "synthetic")
    by_default = read_settings(environment={})
    assert (by_default.home, by_default.source) == (Path.home() / ".f1lake", "online")


def test_home_of_a_user_and_a_relative_home_become_absolute() -> None:
    assert read_settings(environment={"F1LAKE_HOME": "~/lake"}).home == Path.home() / "lake"
    assert read_settings(environment={"F1LAKE_HOME": "lake"}).home == Path.cwd() / "lake"


@pytest.mark.parametrize(
    ("variable", "value"),
    [("F1LAKE_CATALOG", "glue"), ("F1LAKE_MEMORY_LIMIT", "lots"), ("F1LAKE_HOME", __file__)],
)
def test_wrong_value_is_an_error_that_names_the_setting(variable: str, value: str) -> None:
    with pytest.raises(InvalidSettingError, match=variable):
        read_settings(environment={variable: value})


def test_pyiceberg_names_become_catalog_properties() -> None:
    settings = read_settings(
        environment={
            "F1LAKE_CATALOG": "sql",
            "PYICEBERG_CATALOG__DEFAULT__URI": "postgresql://localhost/lake",
            "PYICEBERG_CATALOG__DEFAULT__WAREHOUSE": "s3://bucket/lake",
            "PYICEBERG_CATALOG__DEFAULT__S3__ACCESS_KEY_ID": "key",
            "PYICEBERG_CATALOG__OTHER__URI": "not ours",
        }
    )
    assert settings.catalog_uri == "postgresql://localhost/lake"
    assert settings.catalog_warehouse == "s3://bucket/lake"
    assert settings.catalog_properties == {"s3.access-key-id": "key"}


def test_child_process_reads_the_same_settings(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path,
        shared_cache=tmp_path / "cache",
        catalog="sql",
        source="synthetic",
        catalog_uri="sqlite:///x.db",
        catalog_warehouse="file:///w",
        catalog_properties={"s3.access-key-id": "key", "s3.endpoint": "http://localhost"},
    )
    assert read_settings(environment=child_environment(settings)) == settings


def test_what_serves_all_homes_is_kept_where_caches_are(tmp_path: Path) -> None:
    assert read_settings(environment={}).cache == Path.home() / ".cache" / "f1lake"
    assert read_settings(environment={"XDG_CACHE_HOME": str(tmp_path)}).cache == tmp_path / "f1lake"
    assert read_settings(environment={"F1LAKE_CACHE": str(tmp_path)}).cache == tmp_path


def test_home_keeps_its_own_cache_where_the_shared_one_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environment = {"F1LAKE_CACHE": str(tmp_path / "file" / "cache"), "F1LAKE_HOME": str(tmp_path / "home")}
    settings = read_settings(environment=environment)
    assert settings.cache == tmp_path / "home" / "cache"
    prepare_process(settings, environment)
    assert environment["NUMBA_CACHE_DIR"] == str(tmp_path / "home" / "cache" / "numba")


def test_password_is_not_in_the_text_of_settings() -> None:
    settings = read_settings(environment={"F1_USERNAME": "me", "F1_PASSWORD": "secret"})
    assert settings.formula1_password == "secret"
    assert "secret" not in repr(settings)


def test_left_over_dagster_home_is_overruled_and_numba_cache_is_kept(tmp_path: Path) -> None:
    environment = {"DAGSTER_HOME": "/another/lake", "NUMBA_CACHE_DIR": "/my/cache"}
    prepare_process(Settings(home=tmp_path), environment)
    assert environment["DAGSTER_HOME"] == str(tmp_path / "dagster")
    assert environment["NUMBA_CACHE_DIR"] == "/my/cache"
    assert environment["DAGSTER_DISABLE_TELEMETRY"] == "yes"
    assert (tmp_path / "dagster").is_dir()


def test_home_under_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeNotWritableError, match="--home"):
        prepare_process(Settings(home=tmp_path / "file" / "home"), {})


def test_settings_page_names_every_setting() -> None:
    page = Path("docs/reference/settings.md").read_text(encoding="utf-8")
    for setting in SETTINGS:
        assert f"`{setting.name}`" in page
        assert setting.meaning in page
