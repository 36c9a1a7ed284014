"""A library compiled under Jade's capabilities, less what does not compile."""

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from jade_policy.errors import EngineError
from jade_policy.library import Library, load_library
from jade_policy.opa.bundle import Bundle, Origin, build_bundle
from jade_policy.opa.wasm.kept import KeptModule
from jade_policy.policies import Policy, Problem, RegoModule

CHECK_LIMIT_SECONDS = (
    30.0  # 500 policies take 1 s on two slow cores; a compile that takes longer is an attack
)
MAX_ERRORS = 10_000  # OPA's own default stops after ten, which would take a round for every ten policies


@dataclass(frozen=True, slots=True)
class CompileError:
    """One complaint of OPA, and the file of the bundle that it is about."""

    code: str
    message: str
    file: str
    row: int


def check_library(path: Path, opa: Path) -> Library:
    """Load a folder and compile it.

    Returns:
        The policies that can be used; `problems` holds the others, each with file and line.

    Raises:
        LibraryError: the folder cannot be read at all.
        EngineError: OPA cannot be run.
    """
    with TemporaryDirectory(prefix="jade-check-") as folder:
        return compile_library(load_library(path), opa, Path(folder) / "bundle")[0]


def compile_library(library: Library, opa: Path, folder: Path) -> tuple[Library, Bundle]:
    """Write a library to `folder` as a bundle that compiles, leaving out what does not.

    A bundle that is known to compile is not compiled again.

    Raises:
        EngineError: OPA cannot be run, or complains about nothing that could be left out.
    """
    tried: set[str] = set()  # files whose guessed version of Rego was found wrong
    while True:
        bundle = build_bundle(library)
        bundle.write(folder)
        errors = [] if KeptModule(bundle, opa).read() is not None else _compile(opa, folder)
        if not errors:
            return library, bundle
        guessed = {
            error.file
            for error in errors
            if error.code == "rego_parse_error"
            and _guessed(bundle.origins.get(error.file))
            and error.file not in tried
        }
        if guessed:
            tried |= guessed
            library = _with_other_version(library, {bundle.origins[file].module for file in guessed})
        else:
            library = library.without(dict(_blame(errors, bundle)))


def _compile(opa: Path, folder: Path) -> list[CompileError]:
    with as_file(files("jade_policy.opa") / "capabilities.json") as capabilities:
        command = [
            str(opa), "check", "--bundle", str(folder), "--format", "json",
            "--capabilities", str(capabilities), "--max-errors", str(MAX_ERRORS),
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command,
                env={},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=CHECK_LIMIT_SECONDS,
                check=False,
            )
        except OSError as error:
            raise EngineError(f"{opa} cannot be run ({error.strerror}); `make setup` installs it") from error
        except subprocess.TimeoutExpired as error:
            raise EngineError(
                f"opa check took longer than {CHECK_LIMIT_SECONDS:.0f} s; load fewer policies"
            ) from error
    if done.returncode == 0:
        return []
    return _errors(done.stdout or done.stderr)


def _errors(output: bytes) -> list[CompileError]:
    try:
        found: list[dict[str, Any]] = orjson.loads(output)["errors"]
    except (ValueError, KeyError, TypeError) as error:
        raise EngineError(f"opa check failed: {output.decode(errors='replace'):.500}") from error
    return [
        CompileError(
            code=str(error.get("code", "")),
            message=str(error.get("message", "")),
            file=Path(str(error.get("location", {}).get("file", ""))).name,
            row=int(error.get("location", {}).get("row", 1)),
        )
        for error in found
    ]


def _blame(errors: Iterable[CompileError], bundle: Bundle) -> Iterable[tuple[str, Problem]]:
    blamed: set[str] = set()
    for error in errors:
        origin = bundle.origins.get(error.file)
        if origin is None:
            raise EngineError(f"the library does not compile: {error.file}:{error.row}: {error.message}")
        for policy_id in origin.policy_ids:
            if policy_id not in blamed:
                blamed.add(policy_id)
                line = origin.module.line + error.row - 1
                message = bundle.in_authors_words(error.message)
                reason = f"{message} ({error.code})" if error.code else message
                yield policy_id, Problem(origin.module.path, line, policy_id, reason)


def _guessed(origin: Origin | None) -> bool:
    return origin is not None and not origin.module.version_stated


def _with_other_version(library: Library, modules: set[RegoModule]) -> Library:
    @cache
    def other(module: RegoModule) -> RegoModule:
        if module not in modules:
            return module
        return replace(module, version=0 if module.version else 1)

    def changed(policy: Policy) -> Policy:
        return replace(policy, module=other(policy.module), libs=tuple(map(other, policy.libs)))

    return replace(library, policies=tuple(map(changed, library.policies)))
