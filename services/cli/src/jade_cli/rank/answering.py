"""The ranker's own code, put together for one process: no bus, and no cache beside its memory."""

from collections.abc import Mapping, Sequence

from prometheus_client import CollectorRegistry

from jade_policy.opa import Engine
from jade_ranker.adapters.answering import Answering
from jade_ranker.adapters.locating import Locating, Locator
from jade_ranker.adapters.verdicts import Verdicts
from jade_ranker.domain.heuristic import Heuristic

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


def answering(engine: Engine, locating: Locating | None = None) -> Answering:
    """Answers with the library that ``engine`` serves; it must be started.

    Args:
        engine: Who judges.
        locating: Finds the fields that policies do not name, where the caller needs it as well.
    """
    policies = f"{engine.library.digest}:{engine.version}"
    verdicts = Verdicts(engine, NoCache(), policies=policies, registry=CollectorRegistry())
    return Answering(
        engine.library,
        verdicts,
        locating or locating_of(engine),
        Heuristic(engine.library),
        engine=engine.version,
        resources=RESOURCES,
    )


def locating_of(engine: Engine) -> Locating:
    """Finds fields with the same engine."""
    policies = f"{engine.library.digest}:{engine.version}"
    return Locating(Locator(engine, engine.library, engine.opa), NoCache(), policies=policies)
