"""The value of the source setting, read into layers, and the layers stacked into one source.

``online``, ``mirror:<dir>``, ``fastf1-cache:<dir>``, ``synthetic`` or ``synthetic:full``, stacked by commas:
per session and per document the first layer that has it gives it. A session's parsed files and wire files
are never mixed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sources.errors import InvalidSourceError
from sources.fastf1_cache_layer import HTTP_CACHE_NAME, FastF1CacheLayer
from sources.mirror_layer import MirrorLayer
from sources.parsed_files import PARSED_SUFFIX
from sources.responses import LIVE_TIMING_MIRROR_URL, LIVE_TIMING_URL, Response, SourceLayer
from sources.synthetic.options import DEFAULT_WEEKEND, FULL_WEEKEND
from sources.topics import topic_file_name

NO_SOURCE = "none"
"""Value of a source that has no layer."""

_FORMS = "online, mirror:<dir>, fastf1-cache:<dir> or synthetic, stacked with commas"
_INVENTED = {"synthetic": DEFAULT_WEEKEND, "synthetic:full": FULL_WEEKEND}


@dataclass(frozen=True)
class SessionSupply:
    """Which layer gives a session, and in what form.

    Attributes:
        layer: The layer; null where none has the session.
        archive_path: Archive folder under which the layer has it.
        parsed_folder: Folder of FastF1's parsed files, where those are used instead of wire files.
    """

    layer: SourceLayer | None
    archive_path: str
    parsed_folder: Path | None = None


class Source:
    """Layers in order.

    Args:
        layers: First choice first.
    """

    def __init__(self, layers: Sequence[SourceLayer]) -> None:
        self.layers = tuple(layers)

    @property
    def name(self) -> str:
        """Names of the layers, joined by commas."""
        return ",".join(layer.name for layer in self.layers)

    def get(
        self, url: str, variants: Iterable[str] = (), previous: Response | None = None
    ) -> Response | None:
        """Return the first layer's answer that found the document, else the first 404, else null.

        Args:
            url: Address of the document.
            variants: Other spellings, tried in layers that cost no request.
            previous: Newest stored response of the address, for a conditional request.
        """
        missing: Response | None = None
        for layer in self.layers:
            spellings = (url,) if layer.is_remote else (url, *variants)
            for spelling in spellings:
                response = layer.get(spelling, previous if spelling == url else None)
                if response is not None and response.is_found:
                    return response
                missing = missing or response
        return missing

    def session_supply(self, archive_paths: Sequence[str]) -> SessionSupply:
        """Return which layer gives a session: the first that has it in any form.

        Within a layer, wire files that hold TimingData are preferred to parsed files, because only they
        can be kept raw; parsed files are preferred to wire files without it.

        Args:
            archive_paths: Archive folders the session may lie in, likeliest first. Not empty.
        """
        for layer in self.layers:
            if layer.is_remote and layer is self.layers[-1]:
                return SessionSupply(layer, self._remote_path(layer, archive_paths))
            for path in archive_paths:
                parsed = layer.parsed_session(path)
                if parsed is None and layer.has_session(path):
                    return SessionSupply(layer, path)
                if parsed is not None:
                    has_wire = layer.has_session(path) and _has_timing(layer, path)
                    return SessionSupply(layer, path, None if has_wire else parsed)
        return SessionSupply(None, archive_paths[0])

    def _remote_path(self, layer: SourceLayer, archive_paths: Sequence[str]) -> str:
        """Return the folder to ask the last, remote layer for; only a doubtful one costs a request."""
        doubtful = archive_paths if len(archive_paths) > 1 else ()
        return next((path for path in doubtful if layer.has_session(path)), archive_paths[0])


def open_source(
    value: str,
    *,
    make_online: Callable[[], SourceLayer] | None = None,
    make_synthetic: Callable[[str], Path] | None = None,
) -> Source:
    """Return the source that a setting's value names.

    Args:
        value: Such as ``fastf1-cache:/data/cache,mirror:/data/mirror``.
        make_online: Builds the online layer; called only where the value names it.
        make_synthetic: Returns the folder of a named invented weekend, made if need be; called likewise.

    Raises:
        InvalidSourceError: If the value is no source, or names a folder that is not there or is no cache.
    """
    parts = [part.strip() for part in value.split(",")]
    if not all(parts):
        raise InvalidSourceError(f"{value!r} is not a source: write {_FORMS}")
    return Source([_open_layer(part, make_online, make_synthetic) for part in parts])


def _open_layer(
    part: str, make_online: Callable[[], SourceLayer] | None, make_synthetic: Callable[[str], Path] | None
) -> SourceLayer:
    scheme, colon, folder = part.partition(":")
    if scheme in {"mirror", "fastf1-cache"}:
        path = _folder(part, folder)
        return MirrorLayer(path) if scheme == "mirror" else _cache(part, path)
    if part == "online" and make_online is not None:
        return make_online()
    if part in _INVENTED and make_synthetic is not None:
        return MirrorLayer(make_synthetic(_INVENTED[part]), name="synthetic")
    if part in {"online", *_INVENTED}:
        raise InvalidSourceError(f"the source {part!r} is not available here")
    hint = f" (a folder needs a scheme: mirror:{part})" if not colon and Path(part).is_dir() else ""
    raise InvalidSourceError(f"{part!r} is not a source{hint}: write {_FORMS}")


def _folder(part: str, folder: str) -> Path:
    path = Path(folder).expanduser()
    if not folder:
        raise InvalidSourceError(f"{part!r} names no folder: write {part.rstrip(':')}:<dir>")
    if not path.is_dir():
        raise InvalidSourceError(f"{part!r}: there is no folder {path.absolute()}")
    return path


def _cache(part: str, path: Path) -> FastF1CacheLayer:
    if not (path / HTTP_CACHE_NAME).is_file() and not any(path.glob(f"*/*/*/*{PARSED_SUFFIX}")):
        raise InvalidSourceError(
            f"{part!r}: {path.absolute()} is no FastF1 cache: it holds neither {HTTP_CACHE_NAME} nor parsed "
            f"sessions (<year>/<event>/<session>/*{PARSED_SUFFIX}). Name the folder that FastF1 was given."
        )
    return FastF1CacheLayer(path)


def _has_timing(layer: SourceLayer, path: str) -> bool:
    name = topic_file_name("TimingData")
    answers = (layer.get(f"{base}{path}{name}") for base in (LIVE_TIMING_URL, LIVE_TIMING_MIRROR_URL))
    return any(answer is not None and answer.is_found for answer in answers)
