"""A remote layer that asks nobody: for finding out whether a fetch would."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sources.errors import WouldAskError
from sources.open_source import Source
from sources.responses import Response, SourceLayer


@dataclass(frozen=True)
class UnaskingLayer:
    """Stands for a remote layer, and stops at the first request.

    Attributes:
        layer: The layer.
    """

    layer: SourceLayer

    @property
    def name(self) -> str:
        """Text that names the layer."""
        return self.layer.name

    @property
    def is_remote(self) -> bool:
        """Whether asking it would cost a request."""
        return self.layer.is_remote

    def get(self, url: str, previous: Response | None = None) -> Response | None:
        """Raise.

        Args:
            url: URL to look up.
            previous: Newest stored response of the URL.

        Raises:
            WouldAskError: Always.
        """
        del previous
        raise WouldAskError(f"{self.name} would be asked for {url}")

    def has_session(self, api_path: str) -> bool:
        """Raise.

        Raises:
            WouldAskError: Always.
        """
        raise WouldAskError(f"{self.name} would be asked for {api_path}")

    def session_topics(self, api_path: str) -> frozenset[str]:
        """Return the topics that the layer knows of without asking."""
        return self.layer.session_topics(api_path)

    def parsed_session(self, api_path: str) -> Path | None:
        """Return the folder with FastF1's parsed files of the session, or null."""
        return self.layer.parsed_session(api_path)


def without_asking(source: Source) -> Source:
    """Return a source whose remote layers raise ``WouldAskError`` where they would send a request."""
    return Source([UnaskingLayer(layer) if layer.is_remote else layer for layer in source.layers])
