"""A chart of a release in another site's page: seen, read and no wider than a phone. SYNTHETIC."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from test_releases_written import released, table

from darkfigure.writing.releases.bundle import files_of
from darkfigure.writing.releases.pages import embedded
from support_pages import accessible, fits, looked_at

SAID = ("how many persons were victims",)


class Quiet(SimpleHTTPRequestHandler):
    """Files of a folder, without a word; pages under a strict policy of the site's own."""

    pictures_from = ""

    def end_headers(self):
        if self.pictures_from and self.path.endswith(".html"):
            allowed = f"default-src 'none'; img-src data: {self.pictures_from}"
            self.send_header("Content-Security-Policy", allowed)
        super().end_headers()

    def do_GET(self):
        if self.path == "/favicon.ico":  # a browser asks unasked
            self.send_response(204)
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, *_told):
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Where another site stands, whose page embeds what a release's site says to."""
    folder, other = tmp_path_factory.mktemp("released"), tmp_path_factory.mktemp("other")
    servers = []
    try:
        for kept, kind in (
            (folder, type("Ours", (Quiet,), {})),
            (other, type("Their", (Quiet,), {})),
        ):
            served = ThreadingHTTPServer(("127.0.0.1", 0), partial(kind, directory=str(kept)))
            Thread(target=served.serve_forever, daemon=True).start()
            servers.append((f"http://127.0.0.1:{served.server_port}", served, kind))
        (ours, *_), (theirs, _, kind) = servers
        kind.pictures_from = ours
        shown = replace(table(), cannot_bear=SAID)
        before = released(tables=(shown,))
        release = replace(before, head=replace(before.head, address=f"{ours}/figures/"))
        at = folder / release.identifier.removeprefix(f"{ours}/")
        at.mkdir(parents=True)
        for name, content in files_of(release).items():
            (at / name).write_bytes(content)
        code = embedded(release, shown)
        (other / "page.html").write_text(
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><title>Another site</title>'
            f'<link rel="icon" href="data:,"><main><h1>News</h1>{code}</main></html>',
            encoding="utf-8",
        )
        yield f"{theirs}/page.html"
    finally:
        for _, served, _ in servers:
            served.shutdown()
            served.server_close()


def test_a_chart_is_embedded_in_a_page_that_allows_pictures_alone(browser, site):
    """axe finds nothing, at no width does it move sideways, and the picture leads to the table."""
    # the page's own tools need what its policy forbids the page
    with looked_at(browser, bypass_csp=True) as page:
        for width in (320, 768, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(site)  # a browser takes its time to choose a picture's size anew
            fits(page)
        accessible(page)
    with looked_at(browser) as page:
        page.goto(site)
        picture = page.locator("figure img")
        drawn = picture.evaluate("it => it.complete && it.naturalWidth > 0 && it.clientWidth")
        assert drawn > 200
        assert "Referrals by sex" in picture.get_attribute("alt")
        assert SAID[0] in page.inner_text("figcaption")
        assert page.locator("figure script, figure iframe, figure [style]").count() == 0
        picture.click()
        assert "Referrals by sex" in page.inner_text("h1")
