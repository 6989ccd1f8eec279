"""Topics that end before their session: named where another topic says so, and only there."""

from __future__ import annotations

import polars as pl

from racing.topic_ends import early_ends

MINUTE = 60_000
Changes = list[tuple[str, int]]

QUALIFYING: Changes = [
    ("Inactive", 0),
    ("Started", 15),
    ("Finished", 33),
    ("Started", 40),
    ("Finished", 55),
    ("Started", 63),
    ("Finished", 75),
    ("Finalised", 77),
    ("Ends", 90),
]
RACE: Changes = [("Inactive", 0), ("Started", 60), ("Finished", 150), ("Finalised", 152), ("Ends", 165)]


def named(
    code: str,
    changes: Changes,
    *,
    update: float | None = None,
    lap: float | None = None,
    stint: float | None = None,
) -> dict[str, str]:
    """Return topic to reason of a session whose topics end at these minutes."""
    key = f"2024-10-{code}"

    def last(column: str, minute: float | None) -> pl.DataFrame:
        times = [] if minute is None else [MINUTE, int(minute * MINUTE)]
        return pl.DataFrame(
            {"session_key": [key] * len(times), column: times},
            schema={"session_key": pl.String, column: pl.Int64},
        )

    status_changes = pl.DataFrame(
        [(key, number, minute * MINUTE, status) for number, (status, minute) in enumerate(changes, 1)],
        schema={
            "session_key": pl.String,
            "change_number": pl.Int32,
            "session_time_ms": pl.Int64,
            "status": pl.String,
        },
        orient="row",
    )
    rows = early_ends(
        status_changes,
        last("session_time_ms", update),
        last("lap_end_session_time_ms", lap),
        last("last_session_time_ms", stint),
    )
    return dict(rows.select("topic", "end_reason").rows())


def test_whole_sessions_are_not_named() -> None:
    assert named("Q", QUALIFYING, update=76, lap=76, stint=78) == {}
    assert named("R", RACE, update=151.5, lap=151.5, stint=151) == {}
    assert named("R", RACE, lap=150.3, stint=150.2) == {}


def test_timing_that_ends_before_the_flag_of_a_race_is_named_with_both_times() -> None:
    reason = named("R", RACE, update=100.5, lap=100, stint=101)["TimingData"]
    assert reason == (
        "it ends at 1:40:30 of the session clock, and the session goes on to 2:30:00 at least: "
        "the rest is missing"
    )


def test_imported_race_is_measured_by_its_laps() -> None:
    assert set(named("R", RACE, lap=120, stint=120)) == {"TimingData"}


def test_timing_without_a_part_of_qualifying_is_named() -> None:
    assert set(named("Q", QUALIFYING, update=56, lap=56, stint=56)) == {"TimingData"}


def test_tyres_that_laps_were_driven_on_say_that_timing_is_cut() -> None:
    changes: Changes = [("Started", 15), ("Finished", 75), ("Ends", 76)]
    assert set(named("FP2", changes, update=50, lap=50, stint=74)) == {"TimingData"}


def test_silence_of_a_wet_practice_is_no_cut() -> None:
    changes: Changes = [("Started", 15), ("Finished", 75), ("Ends", 76)]
    assert named("FP2", changes, update=50, lap=50, stint=51) == {}
    assert set(named("FP2", changes, update=40, lap=40, stint=41)) == {"TimingData"}


def test_wait_after_a_race_was_stopped_for_good_is_no_cut() -> None:
    changes: Changes = [("Started", 60), ("Aborted", 80), ("Finished", 140), ("Ends", 141)]
    assert named("R", changes, update=81, lap=82, stint=82) == {}


def test_cut_tyres_and_cut_status_are_named() -> None:
    assert set(named("R", RACE, update=151, lap=151, stint=100)) == {"TimingAppData"}
    assert set(named("Q", QUALIFYING[:3], update=76, lap=76, stint=77)) == {"SessionStatus"}


def test_session_that_never_ran_is_not_named() -> None:
    assert named("FP1", [("Inactive", 0), ("Ends", 100)], update=1) == {}
