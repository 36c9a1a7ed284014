"""The learned model as files: a manifest and, for each variant, the arrays of its weights.

What is written twice from the same weights is the same bit for bit, and nothing that is read can run anything.
"""

import hashlib
import io
import json
import secrets
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from jade_common.errors import JadeError
from jade_ranker.domain.feature_names import ASKED, PATH, RESOURCE, TEXT
from jade_ranker.domain.model import CALIBRATED, Model, Weights

MANIFEST: Final = "manifest.json"
PLAIN: Final = "plain.npz"
SEMANTIC: Final = "semantic.npz"

LIMIT_BYTES = 2_000_000
"""Of a model, all files together and their arrays: one has 4 kB, and a file given by mistake is not read to its end."""

ADVICE = "run `make train-ranker`, or unset JADE_RANKER_MODEL for the model that Jade carries"

FEATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "text": TEXT,
    "resource": RESOURCE,
    "path": PATH,
    "asked": ASKED,
    "calibration": CALIBRATED,
}
"""What each array weighs, in its order: a model that weighs something else would be read as if it did not."""

DIGITS = 12
"""Of a version: 48 bits tell apart whatever is ever trained."""

WRITTEN = (1980, 1, 1, 0, 0, 0)
"""When every member was written, as zip files know it: the first moment that they can name."""

Origin = Literal["packaged", "JADE_RANKER_MODEL", "last good"]
Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class ModelError(JadeError):
    """A model that this version cannot serve: what, where, why, and what to do next."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"the model {path} cannot be used: {why}; {ADVICE}")


class Manifest(BaseModel):
    """What ``manifest.json`` says."""

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = 1
    name: Literal["ranker"] = "ranker"
    version: str
    features: dict[str, tuple[str, ...]]
    files: dict[Literal["plain.npz", "semantic.npz"], Sha256]


def encoded(plain: Weights, semantic: Weights | None = None) -> dict[str, bytes]:
    """The files of a model by name, the manifest last."""
    files = {PLAIN: _archive(plain)}
    if semantic is not None:
        files[SEMANTIC] = _archive(semantic)
    manifest = Manifest(
        version=version_of(files),
        features=dict(FEATURES),
        files={name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    )
    text = json.dumps(manifest.model_dump(mode="json"), indent=2)
    return files | {MANIFEST: f"{text}\n".encode()}


def write_model(folder: Path, plain: Weights, semantic: Weights | None = None) -> str:
    """Write a model into a folder, and give its version.

    Raises:
        ValueError: the weights are not of the form that this version computes the features of.
        OSError: it cannot be written.
    """
    for weights in (plain, semantic):
        if weights is not None:
            weights.check()
    files = encoded(plain, semantic)
    write_files(folder, files)
    return version_of(files)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of a model into a folder, each whole or not at all, and the manifest when the others are there.

    Whoever reads meanwhile finds digests that do not fit, and never a mixture of two models.

    Raises:
        OSError: they cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted(files, key=lambda name: name == MANIFEST):
        fresh = folder / f".{name}.{secrets.token_hex(4)}.new"
        try:
            fresh.write_bytes(files[name])
            fresh.replace(folder / name)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
    for name in {PLAIN, SEMANTIC} - set(files):
        (folder / name).unlink(missing_ok=True)


def read_files(folder: Path) -> dict[str, bytes]:
    """The files of a model by name, those that its manifest names.

    Raises:
        ModelError: one is missing, cannot be read, is too large, or is not the one that the manifest means.
    """
    content = _read(folder / MANIFEST, LIMIT_BYTES)
    left = LIMIT_BYTES - len(content)
    files: dict[str, bytes] = {}
    for name, sha256 in _manifest(folder, content).files.items():
        files[name] = _read(folder / name, left)
        left -= len(files[name])
        if hashlib.sha256(files[name]).hexdigest() != sha256:
            raise ModelError(folder / name, f"its sha256 is not the one that {MANIFEST} names")
    return files | {MANIFEST: content}


def decoded(folder: Path, files: Mapping[str, bytes], origin: Origin) -> Model:
    """The model that the files of a folder hold.

    Raises:
        ModelError: they hold none that this version computes the features of.
    """
    manifest = _manifest(folder, files[MANIFEST])
    if differences := different(manifest.features):
        raise ModelError(
            folder, f"it was trained for other features than this version computes: {differences}"
        )
    if PLAIN not in files:
        raise ModelError(folder / MANIFEST, f"it names no {PLAIN}")
    if manifest.version != version_of(files):
        raise ModelError(folder / MANIFEST, f"its version is {version_of(files)}, not {manifest.version}")
    plain = _weights(folder / PLAIN, files[PLAIN])
    semantic = _weights(folder / SEMANTIC, files[SEMANTIC]) if SEMANTIC in files else None
    return Model(manifest.version, plain, semantic, origin)


def read_model(folder: Path, origin: Origin) -> Model:
    """Read a model; errors as for `read_files` and `decoded`."""
    return decoded(folder, read_files(folder), origin)


def version_of(files: Mapping[str, bytes]) -> str:
    """What a model is called: by the bytes of its weights."""
    weights = (files[name] for name in (PLAIN, SEMANTIC) if name in files)
    return hashlib.sha256(b"".join(weights)).hexdigest()[:DIGITS]


def different(features: Mapping[str, Sequence[str]]) -> str:
    """In words, how features differ from those that this version computes; empty where they do not.

    >>> different({**FEATURES, "path": ["the field", PATH[0]]})
    "path (not known here: 'the field'; missing: 'another field makes it fail')"
    """
    found = [
        f"{name} ({_difference(features.get(name, ()), FEATURES.get(name, ()))})"
        for name in dict.fromkeys([*FEATURES, *features])
        if tuple(features.get(name, ())) != FEATURES.get(name)
    ]
    return ", ".join(found)


def _difference(trained: Sequence[str], computed: Sequence[str]) -> str:
    unknown = ", ".join(repr(name) for name in trained if name not in computed)
    missing = ", ".join(repr(name) for name in computed if name not in trained)
    parts = [f"not known here: {unknown}"] * bool(unknown) + [f"missing: {missing}"] * bool(missing)
    return "; ".join(parts) or "in another order"


def _archive(weights: Weights) -> bytes:
    """An ``.npz`` as ``np.savez`` would write it, without the time of day."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name, value in weights._asdict().items():
            member = io.BytesIO()
            np.lib.format.write_array(
                member, np.asarray(value, dtype="<f4"), version=(1, 0), allow_pickle=False
            )
            info = zipfile.ZipInfo(f"{name}.npy", WRITTEN)
            info.create_system = 3  # Unix, wherever it is written
            archive.writestr(info, member.getvalue())
    return whole.getvalue()


def _weights(path: Path, content: bytes) -> Weights:
    try:
        weights = Weights(**_arrays(content))
        weights.check()
    except Exception as error:  # zipfile and numpy raise a dozen kinds for a file that is none
        raise ModelError(path, f"it holds no weights ({type(error).__name__}: {str(error)[:200]})") from error
    return weights


def _arrays(content: bytes) -> dict[str, NDArray[np.float32]]:
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        if sum(member.file_size for member in archive.zip.infolist()) > LIMIT_BYTES:
            raise ValueError(f"unpacked it has more than {LIMIT_BYTES} bytes")
        found = {name: archive[name] for name in archive.files}
    for name, array in found.items():
        if array.dtype != np.dtype("<f4"):
            raise ValueError(f"{name} is {array.dtype}, not float32")
    return {name: array.astype(np.float32) for name, array in found.items()}


def _manifest(folder: Path, content: bytes) -> Manifest:
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ModelError(folder / MANIFEST, f"{where or 'it'}: {first['msg']}") from error


def _read(path: Path, limit: int) -> bytes:
    try:
        # To open a pipe waits until somebody writes to it, and a device has no end.
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise ModelError(path, "it is no file")
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise ModelError(path, error.strerror or str(error)) from error
    if len(content) > limit:
        raise ModelError(path, f"with it, the model has more than {LIMIT_BYTES} bytes")
    return content
