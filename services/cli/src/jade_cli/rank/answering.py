"""The ranker's own code, put together for one process: no bus, and no cache beside its memory."""

from collections.abc import Mapping, Sequence

from prometheus_client import CollectorRegistry

from jade_cli.rank.logs import said_on_stderr
from jade_cli.settings import load
from jade_policy.opa import Engine
from jade_ranker.adapters.answering import Answering
from jade_ranker.adapters.composing import pairs_of
from jade_ranker.adapters.embedding import open_embedder
from jade_ranker.adapters.locating import Locating, Locator
from jade_ranker.adapters.model_source import ModelSource, packaged_model
from jade_ranker.adapters.query_vectors import QueryVectors
from jade_ranker.adapters.serving import Always, Learning, Rankers
from jade_ranker.adapters.verdicts import Verdicts
from jade_ranker.domain.heuristic import Heuristic
from jade_ranker.settings import RankerSettings

RESOURCES = 20_000
"""Resources whose verdicts are kept for other findings about them: about 5 kB each with 50 policies."""


class NoCache:
    """The cache of a command that ends: everything is a miss, and what this process knows it holds itself."""

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """Nothing."""
        return [None] * len(keys)

    async def set_many(self, values: Mapping[str, bytes]) -> None:
        """Keep nothing."""

    async def close(self) -> None:
        """There is nothing to close."""


def answering(engine: Engine, locating: Locating | None = None, *, semantic: bool | None = None) -> Answering:
    """Answers with the library that ``engine`` serves; it must be started.

    Args:
        engine: Who judges.
        locating: Finds the fields that policies do not name, where the caller needs it as well.
        semantic: Whether findings are compared by meaning too; as the settings say without it.
    """
    policies = f"{engine.library.digest}:{engine.version}"
    verdicts = Verdicts(engine, NoCache(), policies=policies, registry=CollectorRegistry())
    return Answering(
        engine.library,
        verdicts,
        locating or locating_of(engine),
        rankers_of(engine, load(RankerSettings, semantic=semantic)),
        engine=engine.version,
        resources=RESOURCES,
    )


def rankers_of(engine: Engine, settings: RankerSettings) -> Rankers:
    """Who ranks, as ``jade.yaml`` and the environment say; vectors are waited for."""
    said_on_stderr()
    if settings.model == "heuristic":
        return Always(Heuristic(engine.library))
    models = ModelSource(settings.model, packaged_model(), None, registry=CollectorRegistry())
    embedder = open_embedder() if settings.semantic else None
    pairs = pairs_of(engine.library, engine.opa, embedder)
    vectors = None if embedder is None else QueryVectors(embedder)
    return Learning(engine.library, pairs, models.current, vectors)


def locating_of(engine: Engine) -> Locating:
    """Finds fields with the same engine."""
    policies = f"{engine.library.digest}:{engine.version}"
    return Locating(Locator(engine, engine.library, engine.opa), NoCache(), policies=policies)
