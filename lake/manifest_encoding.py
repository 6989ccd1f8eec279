"""Manifests as bytes: what each begins with, and what it says of one file.

PyIceberg spends most of a small commit on working out a manifest's header anew and on encoding field by
field what earlier commits said of the same files. A file's entry never changes but for four numbers at its
start, so what it says of the file is encoded once and copied from then on. PyIceberg also compresses each
entry by itself; here all entries are one Avro block, which is a third of the size. It reaches into
PyIceberg (0.12.0 is pinned; tests/integration/lake/test_lake_iceberg_internals.py reads the files back).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from types import TracebackType
from typing import Any, Self, cast

from pyiceberg.avro.codecs.codec import Codec
from pyiceberg.avro.decoder import new_decoder
from pyiceberg.avro.encoder import BinaryEncoder
from pyiceberg.avro.file import META_SCHEMA, SYNC_SIZE, AvroFile, AvroFileHeader, AvroOutputFile
from pyiceberg.avro.resolver import construct_reader
from pyiceberg.avro.writer import Writer
from pyiceberg.io import InputFile, OutputFile, OutputStream
from pyiceberg.manifest import (
    DEFAULT_READ_VERSION,
    MANIFEST_ENTRY_SCHEMAS,
    DataFile,
    DataFileContent,
    FileFormat,
    ManifestEntry,
    ManifestEntryStatus,
    ManifestWriter,
)
from pyiceberg.partitioning import PartitionSpec
from pyiceberg.schema import Schema

_LAYOUT = "avro.schema"

_NULLS = b"\0\0\0\0"
"""An entry's beginning with status 0 and no snapshot nor sequence numbers."""


@dataclass(frozen=True)
class EncodedFile:
    """What an entry says of a data file, as bytes.

    Attributes:
        layout: Avro's schema of the entry.
        encoded: The entry after its status and numbers.
    """

    layout: str
    encoded: bytes


@dataclass(frozen=True)
class ManifestForm:
    """What all manifests of a table have in common, as long as neither schema nor partitions change.

    Attributes:
        spec: Partition spec of the files listed.
        schema: Schema of the table.
        compression: Name of the Avro codec.
        header: The file's beginning, up to its sync marker.
        layout: Avro's schema of an entry, which says what its bytes mean.
        codec: Compresses a block; null for none.
    """

    spec: PartitionSpec
    schema: Schema
    compression: str
    header: bytes
    layout: str
    codec: type[Codec] | None
    _writer: Writer

    @classmethod
    def of(cls, writer: ManifestWriter) -> ManifestForm:
        """Return the form of the manifest that PyIceberg is about to write; nothing is written.

        Args:
            writer: PyIceberg's own, not opened.
        """
        file = writer.new_writer()
        header = BytesIO()
        file.encoder = BinaryEncoder(cast("OutputStream", header))
        file._write_header()
        start, codec = header.getvalue()[:-SYNC_SIZE], file.compression_codec()
        layout = construct_reader(META_SCHEMA, {-1: AvroFileHeader}).read(new_decoder(header.getvalue())).meta
        return cls(
            writer._spec, writer._schema, writer._compression, start, layout[_LAYOUT], codec, file.writer
        )

    def fits(self, spec: PartitionSpec, schema: Schema, compression: str) -> bool:
        """Return whether manifests of a spec and a schema have this form."""
        is_same = schema is self.schema or (
            schema.schema_id == self.schema.schema_id and schema == self.schema
        )
        return is_same and spec == self.spec and compression == self.compression

    def encode(self, data_file: DataFile) -> EncodedFile:
        """Return what an entry says of a file."""
        encoded = BytesIO()
        bare = ManifestEntry.from_args(
            status=ManifestEntryStatus.EXISTING,
            snapshot_id=None,
            sequence_number=None,
            file_sequence_number=None,
            data_file=data_file,
        )
        self._writer.write(BinaryEncoder(cast("OutputStream", encoded)), bare)
        return EncodedFile(self.layout, encoded.getvalue().removeprefix(_NULLS))


def read_entries(manifest: InputFile) -> list[tuple[ManifestEntry, EncodedFile]]:
    """Return the entries of a manifest as it has them, each with the bytes that it has of its file.

    Args:
        manifest: The manifest's file.
    """
    found: list[tuple[ManifestEntry, EncodedFile]] = []
    with AvroFile[ManifestEntry](
        manifest,
        MANIFEST_ENTRY_SCHEMAS[DEFAULT_READ_VERSION],
        read_types={-1: ManifestEntry, 2: DataFile},
        read_enums={0: ManifestEntryStatus, 101: FileFormat, 134: DataFileContent},
    ) as file:
        layout = file.header.meta[_LAYOUT]
        for count, block in _blocks(file):
            decoder = new_decoder(block)
            for _ in range(count):
                start = decoder.tell()
                entry = file.reader.read(decoder)
                start += len(entry_start(entry))
                found.append((entry, EncodedFile(layout, block[start : decoder.tell()])))
    return found


def _blocks(file: AvroFile[ManifestEntry]) -> Iterator[tuple[int, bytes]]:
    """Yield how many entries a block has, and the block."""
    codec = file.header.compression_codec()
    while True:
        try:
            count = file.decoder.read_int()
        except EOFError:
            return
        block = file.decoder.read_bytes()
        yield count, block if codec is None else codec.decompress(block)
        if file.decoder.read(SYNC_SIZE) != file.header.sync:
            raise ValueError(f"{file.input_file.location} is damaged: a block does not end as the file's do")


def entry_start(entry: ManifestEntry) -> bytes:
    """Return an entry's status, snapshot and sequence numbers as Avro encodes them."""
    numbers = (entry.snapshot_id, entry.sequence_number, entry.file_sequence_number)
    optional = (b"\0" if number is None else b"\2" + avro_long(number) for number in numbers)
    return avro_long(int(entry.status)) + b"".join(optional)


def avro_long(number: int) -> bytes:
    """Return a number of 64 bits as Avro encodes it: zig-zag, seven bits a byte, the lowest first."""
    rest = (number << 1) ^ (number >> 63)
    encoded = bytearray()
    while rest > 0x7F:
        encoded.append((rest & 0x7F) | 0x80)
        rest >>= 7
    encoded.append(rest)
    return bytes(encoded)


class OneBlockFile(AvroOutputFile[Any]):
    """A manifest whose encoded entries are written as one block when it is closed."""

    def __init__(self, output_file: OutputFile, form: ManifestForm) -> None:
        """Write nothing yet; PyIceberg's own beginning would work the header out again.

        Args:
            output_file: Where the manifest is written.
            form: Of the table's manifests.
        """
        self.output_file = output_file
        self._form = form
        self._encoded: list[bytes] = []

    def __enter__(self) -> Self:
        """Open nothing yet."""
        return self

    def write_block(self, objects: list[bytes]) -> None:
        """Take encoded entries."""
        self._encoded.extend(objects)

    def tell(self) -> int:
        """Return the size of the entries so far, before compression."""
        return sum(map(len, self._encoded))

    def __exit__(
        self,
        exctype: type[BaseException] | None,
        excinst: BaseException | None,
        exctb: TracebackType | None,
    ) -> None:
        """Write the file, unless something went wrong."""
        if exctype is not None:
            return
        block = b"".join(self._encoded)
        if self._form.codec is not None:
            block, _ = self._form.codec.compress(block)
        sync = os.urandom(SYNC_SIZE)
        parts = (self._form.header, sync, avro_long(len(self._encoded)), avro_long(len(block)), block, sync)
        with self.output_file.create(overwrite=True) as stream:
            stream.write(b"".join(parts))
