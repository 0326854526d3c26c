"""Picture every page of the published editions: on a desk in light and dark, and on a phone."""

from __future__ import annotations

import json
import shutil
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_site"
FOLDER = ROOT / "_build" / "screenshots"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS: dict[str, dict[str, Any]] = {
    "desktop-light": {"viewport": DESK, "color_scheme": "light"},
    "desktop-dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "device_scale_factor": 2, "is_mobile": True},
}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        """Keep the console for the files."""


def picture(address: str, program: str) -> int:
    """Picture all pages; returns how many pictures were made."""
    made = 0
    editions = sorted(path.parent for path in SITE.glob("[0-9]*/edition.json"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for look, options in LOOKS.items():
            page = browser.new_context(reduced_motion="reduce", **options).new_page()
            for edition in editions:
                for name in json.loads((edition / "edition.json").read_text("utf-8"))["pages"]:
                    page.goto(f"{address}{edition.name}/{name}.html")
                    page.wait_for_load_state("networkidle")
                    path = FOLDER / edition.name / look / f"{name.replace('/', '-')}.png"
                    page.screenshot(path=path, full_page=True)
                    made += 1
        browser.close()
    return made


def main() -> int:
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        sys.stderr.write("Pictures need Chromium; on Debian and Ubuntu: apt-get install chromium\n")
        return 1
    if not (SITE / "index.html").is_file():
        sys.stderr.write("Nothing is published yet; run: make book\n")
        return 1
    shutil.rmtree(FOLDER, ignore_errors=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(SITE)))
    Thread(target=server.serve_forever, daemon=True).start()
    made = picture(f"http://127.0.0.1:{server.server_port}/", program)
    server.shutdown()
    sys.stdout.write(f"{made} pictures in {FOLDER.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
