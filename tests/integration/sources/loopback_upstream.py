"""An upstream on this machine that speaks HTTP as the real ones do, faults included."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    """One prepared answer."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    promised_length: int | None = None


@dataclass
class LoopbackUpstream:
    """Prepared answers by path, and what was asked."""

    base_url: str
    replies: dict[str, list[Reply] | Callable[[dict[str, str]], Reply]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def serve(self, path: str, *replies: Reply) -> None:
        """Answer a path with these replies in turn; the last one for ever."""
        self.replies[path] = list(replies)

    def count(self, path: str) -> int:
        """Return how often a path was asked."""
        return Counter(asked for asked, _ in self.asked)[path]

    def answer(self, path: str, headers: dict[str, str]) -> Reply:
        self.asked.append((path, headers))
        prepared = self.replies.get(path)
        if prepared is None:
            return Reply(404, b"<Error>NoSuchKey</Error>")
        if callable(prepared):
            return prepared(headers)
        return prepared.pop(0) if len(prepared) > 1 else prepared[0]


def etag_reply(body: bytes, etag: str) -> Callable[[dict[str, str]], Reply]:
    """Return an answer that is 304 where the client has these bytes already."""

    def reply(headers: dict[str, str]) -> Reply:
        if headers.get("if-none-match") == etag:
            return Reply(304, headers={"ETag": etag})
        return Reply(200, body, {"ETag": etag})

    return reply


@contextmanager
def running_upstream() -> Iterator[LoopbackUpstream]:
    """Run the upstream on a free port for the length of a ``with`` block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            reply = upstream.answer(self.path, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 304:
                self.send_header("Content-Length", str(reply.promised_length or len(reply.body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(reply.body)
            self.close_connection = True

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    upstream = LoopbackUpstream(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield upstream
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
