"""A model as files: the same bit for bit, read back as it was, and refused with a reason when it is anything else."""

import hashlib
import io
import json
import os
import random
import zipfile

import numpy as np
import pytest

from jade_ranker.adapters.artefact import (
    FEATURES,
    LIMIT_BYTES,
    MANIFEST,
    WRITTEN,
    ModelError,
    encoded,
    read_model,
    version_of,
    write_model,
)
from jade_ranker.adapters.model_source import packaged_model
from jade_ranker.domain.model import Weights


def weights(seed: int = 0) -> Weights:
    chance = np.random.default_rng(seed)
    sizes = {name: len(names) for name, names in FEATURES.items()}
    return Weights(**{name: chance.normal(size=size).astype(np.float32) for name, size in sizes.items()})


def same(one: Weights, other: Weights) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.fixture
def folder(tmp_path):
    write_model(tmp_path, weights(), weights(1))
    return tmp_path


def refused(folder) -> str:
    with pytest.raises(ModelError) as caught:
        read_model(folder, "packaged")
    text = str(caught.value)
    assert "make train-ranker" in text  # what to do next
    assert "JADE_RANKER_MODEL" in text
    assert str(folder) in text
    return text


def resealed(folder, **members: bytes) -> None:
    """Put other files in place, with a manifest that names their digests: as an honest writer of another kind would."""
    manifest = json.loads((folder / MANIFEST).read_text())
    for stem, content in members.items():
        (folder / f"{stem}.npz").write_bytes(content)
        manifest["files"][f"{stem}.npz"] = hashlib.sha256(content).hexdigest()
    manifest["version"] = version_of({name: (folder / name).read_bytes() for name in manifest["files"]})
    (folder / MANIFEST).write_text(json.dumps(manifest))


def archive(**arrays) -> bytes:
    whole = io.BytesIO()
    np.savez(whole, **arrays)
    return whole.getvalue()


def test_what_is_read_is_what_was_written(folder):
    model = read_model(folder, "packaged")
    assert same(model.plain, weights())
    assert same(model.semantic, weights(1))
    assert {array.dtype for array in model.plain[:-1]} == {np.dtype(np.float32)}
    manifest = json.loads((folder / MANIFEST).read_text())
    assert manifest["version"] == model.version == version_of(encoded(weights(), weights(1)))
    assert (manifest["format"], manifest["name"]) == (1, "ranker")
    assert manifest["features"] == {name: list(names) for name, names in FEATURES.items()}
    assert read_model(folder, "last good").origin == "last good"


def test_a_model_without_vectors_has_no_second_variant(folder):
    version = write_model(folder, weights())
    assert read_model(folder, "packaged").semantic is None
    assert version != version_of(encoded(weights(), weights(1)))
    assert sorted(path.name for path in folder.iterdir()) == [MANIFEST, "plain.npz"]


def test_the_same_weights_give_the_same_bytes(folder):
    files = encoded(weights(), weights(1))
    assert files == {path.name: path.read_bytes() for path in folder.iterdir()}
    for name in ("plain.npz", "semantic.npz"):
        members = zipfile.ZipFile(folder / name).infolist()
        assert {member.date_time for member in members} == {WRITTEN}
        assert [member.filename for member in members] == [f"{name}.npy" for name in Weights._fields]
    assert encoded(weights(2)) != encoded(weights())
    # On every machine and with every numpy: these bytes were made once.
    fixed = Weights(*(np.arange(size, dtype=">f8") / 8 for size in range(1, len(Weights._fields) + 1)))
    assert version_of(encoded(fixed)) == "ba52e8431873"


def test_weights_of_another_form_are_not_written(tmp_path):
    with pytest.raises(ValueError, match="text has the shape"):
        write_model(tmp_path / "model", weights()._replace(text=np.zeros(2, np.float32)))
    assert not (tmp_path / "model").exists()


def test_who_reads_while_a_model_is_replaced_gets_no_mixture(folder, monkeypatch):
    manifest = (folder / MANIFEST).read_bytes()
    write_model(folder, weights(2), weights(3))
    (folder / MANIFEST).write_bytes(manifest)
    assert "sha256" in refused(folder)


@pytest.mark.parametrize("name", [MANIFEST, "plain.npz", "semantic.npz"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    assert f"{folder / name} cannot be used: No such file" in refused(folder)


@pytest.mark.timeout(10)  # a pipe that is opened waits for ever
def test_what_is_no_file_is_not_waited_for(folder):
    (folder / "plain.npz").unlink()
    os.mkfifo(folder / "plain.npz")
    assert "plain.npz cannot be used: it is no file" in refused(folder)


def test_a_missing_folder_is_named(tmp_path):
    assert "No such file" in refused(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["plain.npz", "semantic.npz"])
@pytest.mark.parametrize(
    "damage", [lambda content: content[:-30], lambda content: content[:200] + b"!" + content[201:]]
)
def test_damaged_bytes_are_noticed(folder, name, damage):
    (folder / name).write_bytes(damage((folder / name).read_bytes()))
    assert f"{folder / name} cannot be used: its sha256" in refused(folder)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"\xff\xfe", b"{" * 100_000, b'{"format": 1, "name": "ranker"}']
)
def test_a_manifest_that_is_none_is_refused(folder, content):
    (folder / MANIFEST).write_bytes(content)
    assert MANIFEST in refused(folder)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", 2),
        ("name", "fixer"),
        ("version", "0123456789ab"),
        ("files", {}),
        ("files", {"../plain.npz": "0" * 64}),
    ],
)
def test_another_manifest_is_refused(folder, field, value):
    manifest = json.loads((folder / MANIFEST).read_text()) | {field: value}
    (folder / MANIFEST).write_text(json.dumps(manifest))
    assert MANIFEST in refused(folder)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda names: names[1:], "missing: '{0}'"),
        (lambda names: [*names, "moon phase"], "not known here: 'moon phase'"),
        (lambda names: ["moon phase", *names[1:]], "not known here: 'moon phase'; missing: '{0}'"),
        (lambda names: [*names[1:], names[0]], "in another order"),
    ],
)
@pytest.mark.parametrize("field", sorted(FEATURES))
def test_other_features_are_incompatible_and_named(folder, field, change, said):
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["features"][field] = change(manifest["features"][field])
    (folder / MANIFEST).write_text(json.dumps(manifest))
    assert f"{field} ({said.format(FEATURES[field][0])})" in refused(folder)


def arrays(**changed) -> bytes:
    """The archive of good weights, but for what is changed."""
    return archive(
        **{name: np.asarray(value, np.float32) for name, value in weights()._asdict().items()} | changed
    )


class Bomb:
    """What unpickling would run."""

    def __reduce__(self):
        return (pytest.fail, ("a pickle was loaded",))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "EOF"),
        (b"no archive", "pickle"),
        (archive()[:-4], "zip"),
        (archive(), "TypeError"),
        (archive(text=np.zeros(3, np.float32)), "TypeError"),
        (arrays(text=np.float64(0.5)), "text is float64"),
        (arrays(more=np.float32(0.5)), "more"),
        (arrays(text=np.array([Bomb()], dtype=object)), "allow_pickle"),
        (arrays(text=np.float32(0)), "text has the shape ()"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else None,
)  # fmt: skip
def test_what_holds_no_weights_is_refused(folder, content, said):
    resealed(folder, plain=content)
    assert said in refused(folder)


def test_weights_that_are_no_numbers_are_refused(folder):
    text = weights().text.copy()
    text[0] = np.nan
    resealed(folder, semantic=arrays(text=text))
    assert "text holds what is no number" in refused(folder)


def test_large_files_are_not_read(folder):
    huge = np.zeros(LIMIT_BYTES, np.float32)
    resealed(folder, plain=archive(text=huge))
    assert f"more than {LIMIT_BYTES} bytes" in refused(folder)
    whole = io.BytesIO()
    np.savez_compressed(whole, text=huge)  # 8 MB in 8 kB
    resealed(folder, plain=whole.getvalue())
    assert "unpacked" in refused(folder)


def test_whatever_a_byte_is_changed_to_a_model_or_an_error_comes_out(folder):
    """With the right digest: what zipfile and numpy raise is a ModelError, and nothing else passes."""
    content = (folder / "plain.npz").read_bytes()
    chance = random.Random(7)
    results = set()
    for _ in range(300):
        changed = bytearray(content)
        for _ in range(chance.choice((1, 1, 4))):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        resealed(
            folder, plain=bytes(changed[: chance.choice((len(changed), chance.randrange(len(changed))))])
        )
        try:
            read_model(folder, "packaged").plain.check()
            results.add("model")
        except ModelError:
            results.add("refused")
    assert "refused" in results


def test_the_packaged_model_lies_where_training_writes_it():
    assert (packaged_model() / "README.md").read_text().startswith("# The ranker's model")
