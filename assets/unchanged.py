"""Whether a run of a weekend would do anything: asked before a run, so that what is unchanged needs none.

Nothing is fetched from an upstream and nothing is written to find out. The questions are those of the steps
themselves, which stop at the first thing that has to be done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

from assets.curated.declarations import CURATED
from assets.curated.step import compute_curated
from assets.marts.step import are_marts_needed
from assets.processed.step import compute_processed
from assets.raw.step import would_keep_anything
from assets.run_options import RunOptions
from lake.errors import StepNeededError
from lake.lake import Lake
from sources.errors import WouldAskError
from sources.open_source import Source
from sources.unasking_layer import without_asking


def is_unchanged(lake: Lake, options: RunOptions, source: Source, zones: Collection[str]) -> bool:
    """Return whether running zones of a weekend would ask no upstream and write nothing.

    Args:
        lake: The lake.
        options: The run's options; the run itself need not exist.
        source: Where documents come from.
        zones: ``raw``, ``processed``, ``curated``, ``marts``.

    Raises:
        AssetsError: If the season has no such weekend, or the weekend no such session.
        SourceError: If something that is there cannot be read.
        LakeError: If the lake cannot be read.
    """
    asking = replace(options, is_asking=True)
    try:
        if "raw" in zones and would_keep_anything(lake, asking, without_asking(source), _now()):
            return False
        if "processed" in zones:
            compute_processed(lake, asking, source)
        if "curated" in zones:
            compute_curated(lake, asking, CURATED)
    except (StepNeededError, WouldAskError):
        return False
    return not ("marts" in zones and are_marts_needed(lake, [options.weekend_key]))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
