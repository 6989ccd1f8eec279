"""The online layer against an upstream on this machine that answers as the real ones do."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any

import pytest

from sources.errors import (
    AccessDeniedError,
    TruncatedResponseError,
    UpstreamError,
    UpstreamUnreachableError,
)
from sources.online_layer import OnlineLayer
from sources.responses import JOLPICA_URL, LIVE_TIMING_URL

PATH = "/static/2024/a/b/TimingData.jsonStream"
URL = f"{LIVE_TIMING_URL}{PATH}"
BODY = b'\xef\xbb\xbf00:00:01.000{"Lines":{}}\r\nnot a line\r\n'

MakeOnline = Callable[..., OnlineLayer]


def test_bytes_come_as_they_were_sent(upstream: Any, reply: Any, make_online: MakeOnline) -> None:
    upstream.serve(PATH, reply(body=BODY, headers={"ETag": '"1"'}))
    response = make_online().get(URL)
    assert response is not None
    assert (response.status, response.body, response.url, response.layer) == (200, BODY, URL, "online")
    assert response.headers["etag"] == '"1"'
    assert upstream.asked[0][1]["user-agent"] == "BestHTTP"


def test_known_body_is_used_again_after_304(upstream: Any, etag_reply: Any, make_online: MakeOnline) -> None:
    upstream.replies[PATH] = etag_reply(BODY, '"v1"')
    online = make_online()
    first = online.get(URL)
    again = online.get(URL, previous=first)
    assert first is not None
    assert again is not None
    assert (again.body, again.status, again.sha256) == (BODY, 200, first.sha256)
    assert upstream.asked[1][1]["if-none-match"] == '"v1"'
    upstream.replies[PATH] = etag_reply(b"new", '"v2"')
    changed = online.get(URL, previous=again)
    assert changed is not None
    assert changed.body == b"new"


def test_last_modified_makes_a_conditional_request(
    upstream: Any, reply: Any, make_online: MakeOnline
) -> None:
    upstream.serve(
        PATH, reply(body=BODY, headers={"Last-Modified": "Sat, 25 Oct 2025 22:00:00 GMT"}), reply(304)
    )
    online = make_online()
    again = online.get(URL, previous=online.get(URL))
    assert again is not None
    assert again.body == BODY
    assert upstream.asked[1][1]["if-modified-since"] == "Sat, 25 Oct 2025 22:00:00 GMT"


def test_missing_document_is_an_answer(upstream: Any, make_online: MakeOnline) -> None:
    response = make_online().get(URL)
    assert response is not None
    assert response.status == 404
    assert upstream.count(PATH) == 1


def test_retry_after_is_waited_and_announced(
    upstream: Any, reply: Any, make_online: MakeOnline, waits: Any, slept: Any
) -> None:
    upstream.serve(PATH, reply(429, headers={"Retry-After": "7"}), reply(body=BODY))
    response = make_online().get(URL)
    assert response is not None
    assert response.body == BODY
    assert slept == [7.0]
    assert waits == [(7.0, "the upstream answered 429")]


def test_retry_after_can_be_a_date(upstream: Any, reply: Any, make_online: MakeOnline, slept: Any) -> None:
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    later = format_datetime(now + dt.timedelta(seconds=30), usegmt=True)
    upstream.serve(PATH, reply(429, headers={"Retry-After": later}), reply(429), reply(body=BODY))
    assert make_online(clock=now.timestamp).get(URL) is not None
    assert slept == [30.0, 60.0]


def test_too_long_a_wait_is_an_error(upstream: Any, reply: Any, make_online: MakeOnline) -> None:
    upstream.serve(PATH, reply(429, headers={"Retry-After": "86400"}))
    with pytest.raises(UpstreamError, match="86400 s"):
        make_online().get(URL)


def test_server_error_is_tried_again_with_growing_waits(
    upstream: Any, reply: Any, make_online: MakeOnline, slept: Any
) -> None:
    upstream.serve(PATH, reply(500), reply(503), reply(body=BODY))
    response = make_online().get(URL)
    assert response is not None
    assert response.body == BODY
    assert slept == [2.0, 4.0]


def test_lasting_server_error_names_the_address(upstream: Any, reply: Any, make_online: MakeOnline) -> None:
    upstream.serve(PATH, reply(500))
    with pytest.raises(UpstreamError, match=r"TimingData\.jsonStream answered 500, 4 times"):
        make_online().get(URL)
    assert upstream.count(PATH) == 4


def test_cut_off_body_is_tried_again(upstream: Any, reply: Any, make_online: MakeOnline) -> None:
    upstream.serve(PATH, reply(body=BODY[:10], promised_length=len(BODY)), reply(body=BODY))
    response = make_online().get(URL)
    assert response is not None
    assert response.body == BODY


def test_body_that_stays_cut_off_is_never_given(upstream: Any, reply: Any, make_online: MakeOnline) -> None:
    upstream.serve(PATH, reply(body=BODY[:10], promised_length=len(BODY)))
    with pytest.raises(TruncatedResponseError, match="broke off"):
        make_online().get(URL)
    assert upstream.count(PATH) == 4


def test_refusal_points_to_the_account(upstream: Any, reply: Any, make_online: MakeOnline) -> None:
    upstream.serve(PATH, reply(403))
    with pytest.raises(AccessDeniedError, match="f1lake doctor"):
        make_online().get(URL)
    assert upstream.count(PATH) == 1


def test_unexpected_status_is_an_error(upstream: Any, reply: Any, make_online: MakeOnline) -> None:
    upstream.serve(PATH, reply(418))
    with pytest.raises(UpstreamError, match="418"):
        make_online().get(URL)


def test_no_answer_is_an_error_that_offers_other_sources(make_online: MakeOnline) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed_port = probe.getsockname()[1]
    online = make_online(base_urls={JOLPICA_URL: f"http://127.0.0.1:{closed_port}"}, attempts=2)
    url = f"{JOLPICA_URL}/2024/8/results.json"
    with pytest.raises(UpstreamUnreachableError) as raised:
        online.get(url)
    assert str(raised.value) == (
        f"127.0.0.1 could not be reached (no connection), asked for {url}. Check the network, or work "
        "without it: --source mirror:DIR or fastf1-cache:DIR"
    )


def test_host_whose_name_is_not_known_is_named_in_a_sentence(make_online: MakeOnline) -> None:
    online = make_online(base_urls={JOLPICA_URL: "http://nowhere.invalid"}, attempts=1)
    with pytest.raises(
        UpstreamUnreachableError, match=r"^nowhere\.invalid could not be reached \(its name is"
    ):
        online.get(f"{JOLPICA_URL}/2024/8/results.json")


def test_requests_to_this_machine_do_not_count(
    upstream: Any, reply: Any, make_online: MakeOnline, waits: Any
) -> None:
    upstream.serve(PATH, reply(body=b"x"))
    online = make_online()
    for _ in range(20):
        online.get(URL)
    assert online.expected_wait_s([URL] * 1000) == 0
    assert waits == []


def test_session_is_found_once_and_not_asked_twice(
    upstream: Any, reply: Any, make_online: MakeOnline
) -> None:
    path = "/static/2024/a/b/SessionInfo.jsonStream"
    upstream.serve(path, reply(body=b"x"))
    online = make_online()
    assert online.has_session("/static/2024/a/b/")
    assert not online.has_session("/static/2024/a/c/")
    response = online.get(f"{LIVE_TIMING_URL}{path}")
    assert response is not None
    assert upstream.count(path) == 1
    assert online.parsed_session("/static/2024/a/b/") is None
