"""A Chromium that is installed on this machine, driven by Playwright; nothing is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
TIMEOUT_MS = 90_000.0


class Browser:
    """One page, and which hosts it asked."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.hosts: set[str | None] = set()
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname))

    def open(self, path: str) -> Page:
        """Go to a path of the UI."""
        self.page.goto(self.url + path)
        return self.page

    def keep_picture(self, name: str) -> None:
        """Write a screenshot for the docs, where F1LAKE_SCREENSHOTS names a folder (make screenshots)."""
        folder = os.environ.get("F1LAKE_SCREENSHOTS")
        if folder:
            self.page.mouse.move(0, 0)
            self.page.wait_for_timeout(3000)
            self.page.screenshot(path=Path(folder) / f"{name}.png")


@contextmanager
def open_browser(url: str) -> Iterator[Browser]:
    """Open a browser at an address, or skip the test with the reason."""
    program = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip(f"no browser on the path ({', '.join(PROGRAMS)}): apt-get install chromium")
    with sync_playwright() as playwright:
        # Without its sandbox: in a container Chromium cannot make one, and it only sees our own pages.
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1360, "height": 850})
        page.set_default_timeout(TIMEOUT_MS)
        yield Browser(page, url)
        chromium.close()
