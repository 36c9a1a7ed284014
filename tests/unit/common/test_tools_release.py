import hashlib
import http.server
import io
import socket
import tarfile
import threading
import time

import pytest

from jade_common.tools import release as releases
from jade_common.tools.release import ReleaseRoute, published_sum
from jade_common.tools.routes import RouteError
from jade_common.tools.specs import Release, ToolSpec

PROGRAM = b"#!/bin/sh\necho widget 1.5.0\n"


def archive(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as files:
        for member, data in {"../escape": b"no", "LICENSE": b"text", name: content}.items():
            entry = tarfile.TarInfo(member)
            entry.size = len(data)
            files.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


@pytest.fixture
def site():
    """A web server for the length of one test; what it serves is put into the returned mapping."""
    pages: dict[str, bytes] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            content = pages.get(self.path)
            self.send_response(404 if content is None else 200)
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        pages["base"] = f"http://127.0.0.1:{server.server_port}".encode()
        yield pages
        server.shutdown()
        thread.join()


def spec_of(base: str, asset: str) -> ToolSpec:
    return ToolSpec(
        name="widget",
        what="makes widgets",
        version="1.5.0",
        at_least="1",
        env="JADE_WIDGET_BIN",
        release=Release(f"{base}/{asset}", f"{base}/sums", asset),
    )


def bring(spec, into):
    said = []
    ReleaseRoute().bring(spec, into, lambda step, text: said.append((step, text)))
    return said


def publish(site, asset, content, *, summed=None):
    site[f"/{asset}"] = content
    digest = hashlib.sha256(content if summed is None else summed).hexdigest()
    site["/sums"] = f"{'0' * 64}  other\n{digest}  ./dist/{asset}\n".encode()
    return spec_of(site["base"].decode(), asset)


@pytest.mark.parametrize("packed", [False, True], ids=["bare", "tar.gz"])
def test_a_download_that_has_the_published_sum_becomes_the_program(site, tmp_path, packed):
    asset = "widget_linux.tar.gz" if packed else "widget_linux"
    spec = publish(site, asset, archive("widget-1.5/widget", PROGRAM) if packed else PROGRAM)
    said = bring(spec, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["widget"]
    assert (tmp_path / "widget").read_bytes() == PROGRAM
    assert (tmp_path / "widget").stat().st_mode & 0o111
    assert not (tmp_path.parent / "escape").exists()
    assert said == [("release", spec.release.url)]


def test_a_download_with_another_sum_is_not_used(site, tmp_path):
    spec = publish(site, "widget_linux", PROGRAM + b"evil", summed=PROGRAM)
    with pytest.raises(RouteError, match=r"has SHA-256 .* not used"):
        bring(spec, tmp_path)
    assert not (tmp_path / "widget").exists()


def test_without_a_published_sum_nothing_is_downloaded(site, tmp_path):
    spec = publish(site, "widget_linux", PROGRAM)
    site["/sums"] = b"not-a-sum  widget_linux\n"
    with pytest.raises(RouteError, match="no SHA-256 sum of widget_linux"):
        bring(spec, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("asset", "content", "complaint"),
    [
        ("widget.tar.gz", archive("README", b""), "holds no file widget"),
        ("widget.tar.gz", b"no archive", "cannot be unpacked"),
    ],
)
def test_an_archive_without_the_program_is_said(site, tmp_path, asset, content, complaint):
    with pytest.raises(RouteError, match=complaint):
        bring(publish(site, asset, content), tmp_path)


def test_a_missing_page_and_a_closed_network_are_said(site, tmp_path):
    spec = publish(site, "widget_linux", PROGRAM)
    del site["/sums"]
    with pytest.raises(RouteError, match="404"):
        bring(spec, tmp_path)
    with pytest.raises(RouteError, match="cannot be read"):
        bring(spec_of("http://127.0.0.1:1", "widget_linux"), tmp_path)
    none = ToolSpec(name="w", what="w", version="1.0", at_least="1", env="JADE_W_BIN")
    with pytest.raises(RouteError, match="none for this platform"):
        bring(none, tmp_path)


def test_a_network_that_swallows_everything_holds_nobody_up(tmp_path, monkeypatch):
    monkeypatch.setattr(releases, "REACH_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        with pytest.raises(RouteError, match="sums"):
            bring(spec_of(f"http://127.0.0.1:{silent.getsockname()[1]}", "widget_linux"), tmp_path)
        assert time.monotonic() - started < 2


def test_sums_are_read_as_sha256sum_writes_them():
    assert published_sum(f"{'a' * 64} *widget\n", "widget") == "a" * 64
    assert published_sum(f"{'A' * 64}  widget\n", "widget") == "a" * 64
    assert published_sum(f"{'a' * 40}  widget\n", "widget") is None
    assert published_sum("<html>Not Found</html>", "widget") is None
