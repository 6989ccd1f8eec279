"""How URLs are compared: the quick way for those already spelled so gives what taking them apart gives."""

from urllib.parse import unquote, urlsplit, urlunsplit

import pytest

from sources.responses import canonical_url

BASE = "https://livetiming.formula1.com/static"


def taken_apart(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), unquote(parts.path), parts.query, ""))


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (f"{BASE}/2025/2025-10-26_Mexico_City_Grand_Prix/Index.json", None),
        ("http://127.0.0.1:8080/ergast/f1/2024/8/results.json?limit=100&offset=0", None),
        (f"{BASE}/2021/S%C3%A3o_Paulo/Index.json", f"{BASE}/2021/São_Paulo/Index.json"),
        ("HTTPS://LiveTiming.Formula1.com/static/A.json", f"{BASE}/A.json"),
        (f"{BASE}/A.json?", f"{BASE}/A.json"),
        (f"{BASE}/A.json#top", f"{BASE}/A.json"),
        (f"{BASE}//2024//A.json", None),
        ("https://api.jolpi.ca", None),
    ],
)
def test_url_is_compared_in_one_spelling(url: str, canonical: str | None) -> None:
    assert canonical_url(url) == (canonical or url) == taken_apart(url)
