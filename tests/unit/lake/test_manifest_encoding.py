"""Numbers and beginnings of manifests' entries, against PyIceberg's own encoder."""

from __future__ import annotations

from io import BytesIO
from typing import cast

import pytest
from pyiceberg.avro.encoder import BinaryEncoder
from pyiceberg.io import OutputStream
from pyiceberg.manifest import ManifestEntry, ManifestEntryStatus

from lake.manifest_encoding import avro_long, entry_start


def encoded(*numbers: int) -> bytes:
    written = BytesIO()
    encoder = BinaryEncoder(cast("OutputStream", written))
    for number in numbers:
        encoder.write_int(number)
    return written.getvalue()


@pytest.mark.parametrize("number", [0, 1, -1, 63, 64, -64, -65, 127, 128, 300, 2**31, 2**63 - 1, -(2**63)])
def test_a_number_is_encoded_as_avro_does(number: int) -> None:
    assert avro_long(number) == encoded(number)


def test_an_entry_begins_with_its_status_and_numbers_each_marked_as_there() -> None:
    entry = ManifestEntry.from_args(
        status=ManifestEntryStatus.DELETED, snapshot_id=2**62 + 1, sequence_number=7, file_sequence_number=3
    )
    assert entry_start(entry) == encoded(2, 1, 2**62 + 1, 1, 7, 1, 3)


def test_numbers_that_a_new_file_takes_from_its_manifest_are_marked_as_absent() -> None:
    entry = ManifestEntry.from_args(
        status=ManifestEntryStatus.ADDED, snapshot_id=5, sequence_number=None, file_sequence_number=None
    )
    assert entry_start(entry) == encoded(1, 1, 5, 0, 0)
