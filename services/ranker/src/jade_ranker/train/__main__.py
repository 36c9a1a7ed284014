"""Trains the model that Jade carries: ``python -m jade_ranker.train [FOLDER]``.

All that it learns from is in the package: policies, their fixtures, the thesaurus. The same sources give the same
files, bit for bit.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from jade_common.tools import find
from jade_policy.library import Library, own_library
from jade_policy.opa import Engine
from jade_ranker.adapters.artefact import write_model
from jade_ranker.adapters.composing import pairs_of
from jade_ranker.adapters.crosswalk import own_crosswalk
from jade_ranker.adapters.embedding import Embedder, open_embedder
from jade_ranker.adapters.vectors import vectors_of
from jade_ranker.domain.pairs import Floats
from jade_ranker.domain.semantics import text_of
from jade_ranker.domain.thesaurus import Thesaurus
from jade_ranker.train.examples import Example, examples_of
from jade_ranker.train.features import questions_of
from jade_ranker.train.fitting import Question, fitted
from jade_ranker.train.halves import beyond, halves, sayings
from jade_ranker.train.resources import Failing, failing_resources

DEFAULT = Path("data/models/ranker")


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and write."""
    parser = argparse.ArgumentParser(prog="python -m jade_ranker.train", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DEFAULT, help="where the model goes")
    folder = parser.parse_args(arguments).folder
    embedder = open_embedder()
    if embedder is None:
        sys.stderr.write(
            "texts have vectors too, and the extra `semantic` is not here: run `make semantic`\n"
        )
        return 1
    library, opa = own_library(), find("opa").path
    with Engine(library, opa=opa) as engine:
        failing = failing_resources(library, engine)
    plain = fitted(questions(library, opa, failing, None))
    semantic = fitted(questions(library, opa, failing, embedder))
    version = write_model(folder, plain, semantic)
    sys.stdout.write(f"{folder}: learned-{version}\n")
    return 0


def questions(
    library: Library, opa: Path, failing: Mapping[str, Sequence[Failing]], embedder: Embedder | None
) -> list[Question]:
    """The features of all examples, of their meaning too where there is an ``embedder``."""
    thesaurus = Thesaurus.load()
    whole = pairs_of(library, opa, embedder)
    parts = halves(thesaurus)
    known = own_crosswalk()
    confidences = sorted(link.confidence for tool in known.tools() for link in known.of_tool(tool))
    examples = list(
        examples_of(
            library,
            whole.descriptions,
            failing,
            confidences,
            [sayings(library, part, whole.concepts) for part in parts],
            beyond(parts, whole.concepts),
        )
    )
    by_half = [pairs_of(library, opa, embedder, thesaurus=part) for part in parts]
    return list(questions_of(library, by_half, examples, vectors(examples, embedder)))


def vectors(examples: Sequence[Example], embedder: Embedder | None) -> Mapping[str, Floats]:
    """What the texts of examples mean, by text."""
    if embedder is None:
        return {}
    texts = tuple(dict.fromkeys(text_of(one.finding) for one in examples))
    return dict(zip(texts, vectors_of(texts, embedder), strict=True))


if __name__ == "__main__":
    sys.exit(main())
