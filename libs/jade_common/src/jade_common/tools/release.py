"""Brings a tool by its official release, held to the published SHA-256 sum."""

import hashlib
import shutil
import tarfile
import threading
import urllib.error
import urllib.request
from pathlib import Path

from jade_common.tools.routes import RouteError, Say
from jade_common.tools.specs import ToolSpec

REACH_SECONDS = 8.0  # an open network answers in 2 s; a closed one shall not hold make setup up
STALL_SECONDS = 30.0  # without one byte of the download
MIB = 1024 * 1024
CHECKSUMS_LIMIT = MIB  # a list of sums has 2 KiB
ASSET_LIMIT = 512 * MIB  # opa and gator have 60 to 100 MiB


def published_sum(checksums: str, asset: str) -> str | None:
    r"""The SHA-256 sum of an asset in a list as `sha256sum` prints it.

    >>> published_sum("ab" * 32 + "  ./dist/opa_linux_amd64\n", "opa_linux_amd64") == "ab" * 32
    True
    """
    for line in checksums.splitlines():
        words = line.split()
        if len(words) == 2 and words[1].lstrip("*").rpartition("/")[2] == asset:  # noqa: PLR2004  # sum and name
            return words[0].lower() if len(words[0]) == hashlib.sha256().digest_size * 2 else None
    return None


class ReleaseRoute:
    """The project's own binaries; the sum and the file come from the same place, over TLS."""

    step = "release"

    def serves(self, spec: ToolSpec) -> bool:
        """Any program in one file; whether this platform has a release is said when it is tried."""
        return spec.module is not None

    def bring(self, spec: ToolSpec, into: Path, say: Say) -> None:
        """Downloads, compares and unpacks.

        Raises:
            RouteError: no release for this platform, unreachable, or not what was published.
        """
        release = spec.release
        if release is None:
            raise RouteError("publishes none for this platform")
        say(self.step, release.url)
        expected = published_sum(_read_soon(release.checksums), release.asset)
        if expected is None:
            raise RouteError(f"{release.checksums} has no SHA-256 sum of {release.asset}")
        download = into / ".download"
        actual = _download(release.url, download)
        if actual != expected:
            raise RouteError(
                f"{release.url} has SHA-256 {actual}, {release.checksums} says {expected}: not used"
            )
        executable = into / spec.name
        if release.asset.endswith(".tar.gz"):
            _unpack(download, spec.name, executable)
            download.unlink()
        else:
            download.rename(executable)
        executable.chmod(0o755)


def _read_soon(url: str) -> str:
    """Reads a small text within REACH_SECONDS, the look-up of the name included, unlike urllib's time-out."""
    outcome: list[str | Exception] = []

    def read() -> None:
        try:
            with urllib.request.urlopen(url, timeout=REACH_SECONDS) as answer:  # noqa: S310  # https, from tools.toml
                outcome.append(answer.read(CHECKSUMS_LIMIT).decode("utf-8", "replace"))
        except urllib.error.HTTPError as error:
            error.close()  # it holds the connection open
            outcome.append(error)
        except (OSError, ValueError) as error:
            outcome.append(error)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    thread.join(REACH_SECONDS)
    if not outcome:
        raise RouteError(f"{url} did not answer within {REACH_SECONDS:.0f} s")
    if isinstance(outcome[0], Exception):
        raise RouteError(f"{url} cannot be read ({outcome[0]})") from outcome[0]
    return outcome[0]


def _download(url: str, target: Path) -> str:
    """Saves a file and returns its SHA-256 sum."""
    digest = hashlib.sha256()
    size = 0
    try:
        with (
            urllib.request.urlopen(url, timeout=STALL_SECONDS) as answer,  # noqa: S310  # https, from tools.toml
            target.open("wb") as file,
        ):
            while block := answer.read(MIB):
                size += len(block)
                if size > ASSET_LIMIT:
                    raise RouteError(f"{url} is larger than {ASSET_LIMIT // MIB} MiB")
                digest.update(block)
                file.write(block)
    except urllib.error.HTTPError as error:
        error.close()
        raise RouteError(f"{url} cannot be downloaded ({error})") from error
    except OSError as error:
        raise RouteError(f"{url} cannot be downloaded ({error})") from error
    return digest.hexdigest()


def _unpack(archive: Path, name: str, target: Path) -> None:
    """Takes the one program out of a .tar.gz; nothing else of the archive is written."""
    try:
        with tarfile.open(archive, "r:gz") as files:
            member = next((m for m in files if m.isfile() and m.name.rpartition("/")[2] == name), None)
            content = files.extractfile(member) if member else None
            if content is None:
                raise RouteError(f"the release holds no file {name}")
            with target.open("wb") as out:
                shutil.copyfileobj(content, out)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise RouteError(f"the release cannot be unpacked ({error})") from error
