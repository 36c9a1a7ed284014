"""Vectors of policies: computed once for texts and model, kept on disk, made again when what is there is damaged."""

import os

import numpy as np
import pytest

from jade_policy.library import Library, own_library
from jade_ranker.adapters import vectors as kept
from jade_ranker.adapters.vectors import are_kept, meanings_of, vectors_folder, vectors_of
from jade_ranker.testing import HashedWords

TEXTS = ["no container runs as root", "images have a digest"]


@pytest.fixture
def embedder():
    return HashedWords()


def files(folder):
    return sorted(folder.iterdir())


def test_they_are_computed_once(embedder, tmp_path):
    first = vectors_of(TEXTS, embedder, tmp_path / "new")
    again = vectors_of(TEXTS, embedder, tmp_path / "new")
    assert np.array_equal(first, again)
    assert again.dtype == np.float32
    assert len(embedder.asked) == 1
    assert len(files(tmp_path / "new")) == 1


def test_whether_they_are_there_is_told_without_computing_any(embedder, tmp_path):
    assert are_kept([], embedder, tmp_path)
    assert not are_kept(TEXTS, embedder, tmp_path)
    vectors_of(TEXTS, embedder, tmp_path)
    asked = len(embedder.asked)
    assert are_kept(TEXTS, embedder, tmp_path)
    assert not are_kept(TEXTS[::-1], embedder, tmp_path)
    embedder.digest = "another"
    assert not are_kept(TEXTS, embedder, tmp_path)
    assert len(embedder.asked) == asked


def test_other_texts_and_another_model_have_files_of_their_own(embedder, tmp_path):
    vectors_of(TEXTS, embedder, tmp_path)
    vectors_of(TEXTS[::-1], embedder, tmp_path)
    embedder.digest = "another"
    vectors_of(TEXTS, embedder, tmp_path)
    assert len(embedder.asked) == len(files(tmp_path)) == 3


@pytest.mark.parametrize(
    "damage", [b"", b"short", lambda content: content[:-4], lambda content: content[:-1] + b"?"]
)
def test_a_damaged_file_is_made_again(embedder, tmp_path, damage):
    first = vectors_of(TEXTS, embedder, tmp_path)
    (file,) = files(tmp_path)
    content = file.read_bytes()
    file.write_bytes(damage(content) if callable(damage) else damage)
    assert np.array_equal(vectors_of(TEXTS, embedder, tmp_path), first)
    assert file.read_bytes() == content
    assert len(embedder.asked) == 2


def test_where_nothing_can_be_kept_they_are_computed_each_time(embedder, tmp_path):
    (tmp_path / "file").write_text("no folder")
    for _ in range(2):
        assert vectors_of(TEXTS, embedder, tmp_path / "file").shape == (2, 384)
    assert len(embedder.asked) == 2


def test_the_files_that_were_not_used_for_longest_go(embedder, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "KEPT", 2)
    vectors_of(["old"], embedder, tmp_path)
    (old,) = files(tmp_path)
    os.utime(old, (1, 1))
    vectors_of(["used"], embedder, tmp_path)
    used = next(file for file in files(tmp_path) if file != old)
    os.utime(used, (2, 2))
    vectors_of(["used"], embedder, tmp_path)
    vectors_of(["new"], embedder, tmp_path)
    assert len(files(tmp_path)) == 2
    assert used in files(tmp_path)
    assert old not in files(tmp_path)


def test_they_lie_in_the_users_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert vectors_folder() == tmp_path.resolve() / "jade" / "vectors"


def test_the_policies_of_a_library_are_compared_by_them(embedder, tmp_path):
    library = own_library()
    policy = library.policy("deny-privileged-pods")
    (said,) = embedder.vectors([policy.title])
    near = meanings_of(library, embedder, tmp_path).similarities(said)
    assert near.shape == (len(library.policies),)
    assert library.policies[near.argmax()] == policy


def test_an_empty_library_has_none(embedder, tmp_path):
    (said,) = embedder.vectors(["anything"])
    for _ in range(2):
        assert meanings_of(Library(()), embedder, tmp_path).similarities(said).shape == (0,)
