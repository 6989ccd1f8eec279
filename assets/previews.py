"""What a person sees of a table at its materialisation: the first rows, and a picture where it helps."""

import base64

import dagster as dg
import polars as pl

from assets.reports import TableReport

_SHOWN_COLUMNS = 12
_HIDDEN = {"season", "weekend_key", "source_layer", "response_sha256", "fastf1_version"}


def preview_metadata(report: TableReport) -> dict[str, object]:
    """Return the first rows of a table as Markdown."""
    if report.preview is None or report.preview.is_empty():
        return {}
    return {"preview": dg.MetadataValue.md(to_markdown(report.preview))}


def to_markdown(rows: pl.DataFrame) -> str:
    """Return rows as a Markdown table; columns that say the same in every row are left out."""
    names = [name for name in rows.columns if name not in _HIDDEN][:_SHOWN_COLUMNS]
    head = "| " + " | ".join(names) + " |\n|" + "---|" * len(names)
    lines = [
        "| " + " | ".join(_cell(value) for value in row) + " |" for row in rows.select(names).iter_rows()
    ]
    return "\n".join([head, *lines])


def picture(png: bytes, title: str) -> dg.MetadataValue:
    """Return a PNG as metadata that the UI draws."""
    return dg.MetadataValue.md(f"![{title}](data:image/png;base64,{base64.b64encode(png).decode()})")


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")[:60]
