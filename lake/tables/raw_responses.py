"""The one shape of every raw table: bytes as a source sent them."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract

RESPONSE_COLUMNS = (
    Column("season", "int32", "Season the document belongs to.", nullable=False),
    Column(
        "weekend_key",
        "string",
        "Race weekend the document was fetched for; null for a document of the whole season.",
    ),
    Column(
        "session_key",
        "string",
        "Session the document belongs to; null for a document of the weekend or season.",
    ),
    Column(
        "topic",
        "string",
        "What the document is: a live-timing topic such as TimingData, or results, calendar, circuit.",
        nullable=False,
    ),
    Column("url", "string", "Address the bytes were asked for under.", nullable=False),
    Column(
        "http_status",
        "int32",
        "HTTP status. 404 is kept too: it says that the upstream has no such document.",
        nullable=False,
    ),
    Column("headers", "json", "Response headers as a JSON object, names in lower case.", nullable=False),
    Column(
        "body",
        "binary",
        "The bytes exactly as the source sent them, after transfer decoding.",
        nullable=False,
    ),
    Column("byte_count", "int64", "Length of the body in bytes.", nullable=False),
    Column("sha256", "string", "SHA-256 of the body, hexadecimal.", nullable=False),
    Column("fetched_at", "timestamp", "When the bytes were received.", nullable=False),
    Column(
        "channel",
        "string",
        "archive (fetched afterwards) or live (recorded).",
        nullable=False,
        values=("archive", "live"),
    ),
    Column(
        "layer",
        "string",
        "Source layer that answered: online, mirror, fastf1-cache or synthetic.",
        nullable=False,
    ),
)


def responses_contract(source: str, upstream: str) -> TableContract:
    """Return the contract of the raw table of one source.

    Args:
        source: Name of the source in table names, such as ``jolpica``.
        upstream: The upstream in words, for the description.
    """
    return TableContract(
        name=f"raw.{source}__responses",
        description=(
            f"Bytes as {upstream} sent them, appended only where they differ from the newest of their "
            "address. One row per response."
        ),
        columns=RESPONSE_COLUMNS,
        key=("url", "fetched_at"),
        scope=Scope.SEASON,
        partition_by=("season",),
        sort_by=("url", "fetched_at"),
    )
