"""The event log on kept connections: nothing lost, read by others meanwhile, in Dagster's own tables."""

import multiprocessing
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.events import DagsterEvent, StepMaterializationData
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from dagster._core.utils import make_new_run_id

from orchestration.environments import Settings
from orchestration.event_log import KeptEventLogStorage, KeptRunStorage
from orchestration.instance import open_instance, prepare_instance

WEEKENDS = dg.DynamicPartitionsDefinition(name="race_weekend")
TABLES = 5


@dg.multi_asset(
    specs=[dg.AssetSpec(["zone", f"t{number}"]) for number in range(TABLES)],
    check_specs=[dg.AssetCheckSpec("green", asset=["zone", f"t{number}"]) for number in range(TABLES)],
    partitions_def=WEEKENDS,
)
def zone() -> Iterator[dg.MaterializeResult[None]]:
    for number in range(TABLES):
        key = dg.AssetKey(["zone", f"t{number}"])
        check = dg.AssetCheckResult(passed=True, check_name="green", asset_key=key)
        yield dg.MaterializeResult(asset_key=key, check_results=[check])


def job() -> dg.JobDefinition:
    quiet = {"console": dg.colored_console_logger}
    definitions = dg.Definitions(
        assets=[zone],
        jobs=[dg.define_asset_job("zone_job", selection=[zone])],
        loggers=quiet,
    )
    return definitions.resolve_job_def("zone_job")


def run_once(instance: dg.DagsterInstance, weekend: str) -> str:
    result = job().execute_in_process(
        instance=instance,
        partition_key=weekend,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    assert result.success
    return result.run_id


def run_in_own_process(home: str, weekend: str) -> None:
    with open_instance(Settings(home=Path(home))) as instance:
        instance.add_dynamic_partitions("race_weekend", [weekend])
        run_once(instance, weekend)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def test_instance_of_a_home_uses_the_kept_storages(settings: Settings) -> None:
    with open_instance(settings) as instance:
        assert isinstance(instance.event_log_storage, KeptEventLogStorage)
        assert isinstance(instance.run_storage, KeptRunStorage)
        assert instance.telemetry_enabled is False


def test_written_dagster_yaml_is_not_overwritten(settings: Settings) -> None:
    prepare_instance(settings)
    path = settings.dagster_home / "dagster.yaml"
    path.write_text(path.read_text() + "# mine\n")
    prepare_instance(settings)
    assert path.read_text().endswith("# mine\n")


def test_run_is_seen_by_a_web_server_that_opened_the_home_before(settings: Settings) -> None:
    prepare_instance(settings)
    with (
        dg.DagsterInstance.from_config(str(settings.dagster_home)) as theirs,
        open_instance(settings) as ours,
    ):
        ours.add_dynamic_partitions("race_weekend", ["2024-08"])
        run_id = run_once(ours, "2024-08")
        seen = theirs.get_run_by_id(run_id)
        assert seen is not None
        assert seen.status is dg.DagsterRunStatus.SUCCESS
        assert theirs.get_materialized_partitions(dg.AssetKey(["zone", "t0"])) == {"2024-08"}


def test_file_is_readable_by_dagsters_own_storage(settings: Settings) -> None:
    with open_instance(settings) as instance:
        instance.add_dynamic_partitions("race_weekend", ["2024-08"])
        run_id = run_once(instance, "2024-08")
        own = ConsolidatedSqliteEventLogStorage(str(settings.dagster_home / "events"))
        ours = instance.all_logs(run_id)
        theirs = [record.event_log_entry for record in own.get_records_for_run(run_id).records]
        assert [entry.timestamp for entry in ours] == [entry.timestamp for entry in theirs]
        assert len(ours) > 3 * TABLES


def test_check_says_which_materialization_it_looked_at(settings: Settings) -> None:
    with open_instance(settings) as instance:
        instance.add_dynamic_partitions("race_weekend", ["2024-08", "2024-09"])
        for weekend in ("2024-08", "2024-09", "2024-08"):
            run_id = run_once(instance, weekend)
            own = ConsolidatedSqliteEventLogStorage(str(settings.dagster_home / "events"))
            for number in range(TABLES):
                key = dg.AssetKey(["zone", f"t{number}"])
                newest = own.fetch_materializations(
                    dg.AssetRecordsFilter(key, asset_partitions=[weekend]), limit=1
                ).records[0]
                check = dg.AssetCheckKey(key, "green")
                record = own.get_latest_asset_check_execution_by_key([check])[check]
                assert record.event is not None
                assert record.event.dagster_event is not None
                target = record.event.dagster_event.asset_check_evaluation_data.target_materialization_data
                assert target is not None
                assert (target.run_id, target.storage_id) == (run_id, newest.storage_id)


def test_newest_materialization_is_the_same_from_memory_and_from_the_file(settings: Settings) -> None:
    key = dg.AssetKey(["zone", "t1"])
    wanted = dg.AssetRecordsFilter(key, asset_partitions=["2024-08"])
    with open_instance(settings) as instance:
        instance.add_dynamic_partitions("race_weekend", ["2024-08"])
        run_once(instance, "2024-08")
        run_once(instance, "2024-08")
        own = ConsolidatedSqliteEventLogStorage(str(settings.dagster_home / "events"))
        ours = instance.event_log_storage.fetch_materializations(wanted, limit=1)
        theirs = own.fetch_materializations(wanted, limit=1)
        assert (ours.records[0].storage_id, ours.cursor, ours.has_more) == (
            theirs.records[0].storage_id,
            theirs.cursor,
            theirs.has_more,
        )
        assert len(instance.fetch_materializations(wanted, limit=5).records) == 2


def test_partition_that_was_taken_away_is_not_remembered(settings: Settings) -> None:
    with open_instance(settings) as instance:
        instance.add_dynamic_partitions("race_weekend", ["2024-08"])
        assert instance.has_dynamic_partition("race_weekend", "2024-08")
        instance.delete_dynamic_partition("race_weekend", "2024-08")
        assert not instance.has_dynamic_partition("race_weekend", "2024-08")


def test_no_event_is_lost_with_threads_at_work(settings: Settings) -> None:
    """Threads store events directly: Dagster does not run several runs in the threads of one process."""
    runs, events = [make_new_run_id() for _ in range(4)], 50
    with open_instance(settings) as instance:

        def store(run_id: str) -> None:
            for number in range(events):
                key = dg.AssetKey(["zone", f"t{number % TABLES}"])
                materialization = dg.AssetMaterialization(key, partition=f"{run_id}-{number}")
                instance.event_log_storage.store_event(
                    EventLogEntry(
                        error_info=None,
                        level="debug",
                        user_message="",
                        run_id=run_id,
                        timestamp=time.time(),
                        dagster_event=DagsterEvent(
                            "ASSET_MATERIALIZATION",
                            "job",
                            event_specific_data=StepMaterializationData(materialization),
                        ),
                    )
                )

        threads = [threading.Thread(target=store, args=(run_id,)) for run_id in runs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [len(instance.all_logs(run_id)) for run_id in runs] == [events] * len(runs)
        keys = [dg.AssetKey(["zone", f"t{number}"]) for number in range(TABLES)]
        assert sum(len(instance.get_materialized_partitions(key)) for key in keys) == events * len(runs)


def test_no_event_is_lost_with_processes_that_start_together(settings: Settings) -> None:
    weekends = ["2024-01", "2024-02"]
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=run_in_own_process, args=(str(settings.home), weekend)) for weekend in weekends
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    with open_instance(settings) as instance:
        assert instance.get_materialized_partitions(dg.AssetKey(["zone", "t4"])) == set(weekends)
        assert len({len(instance.all_logs(run.run_id)) for run in instance.get_runs()}) == 1


def test_watched_run_calls_back_while_it_is_written(settings: Settings) -> None:
    seen: list[str] = []
    with open_instance(settings) as instance:
        instance.add_dynamic_partitions("race_weekend", ["2024-08"])
        run_id = run_once(instance, "2024-08")
        instance.watch_event_logs(run_id, None, lambda entry, _cursor: seen.append(entry.message))
        deadline = time.monotonic() + 10
        while len(seen) < 10 and time.monotonic() < deadline:
            time.sleep(0.05)
    assert len(seen) >= 10


def test_event_costs_little(settings: Settings) -> None:
    """A loose ceiling, for machines under load: Dagster's own storage takes 10 to 75 ms an event."""
    with open_instance(settings) as instance:
        instance.add_dynamic_partitions("race_weekend", ["2024-08"])
        run_once(instance, "2024-08")
        started = time.process_time()
        events = len(instance.all_logs(run_once(instance, "2024-08")))
        assert (time.process_time() - started) / events < 0.02
