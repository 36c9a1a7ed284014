"""Settings of the ranker: ``JADE_RANKER_*``, section ``ranker`` of ``jade.yaml``."""

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import AliasChoices, Field
from pydantic_settings import SettingsConfigDict

from jade_common.settings import Settings


class RankerSettings(Settings):
    """What the ranker can be told."""

    model_config = SettingsConfigDict(env_prefix="JADE_RANKER_", env_ignore_empty=True)
    section: ClassVar[str] = "ranker"

    library: Path | None = None
    """A folder of policies; Jade's own without it."""
    opa: Path | None = None
    """The opa to run; found in ``JADE_OPA_BIN``, on PATH or in ``.tools/bin`` without it."""
    model: Literal["heuristic"] | Path | None = None
    """The folder of a model, or ``heuristic`` for none; the one that Jade carries without it."""
    semantic: bool = True
    """Whether findings are compared by meaning too, where the extra ``semantic`` is installed."""
    state_dir: Path = Field(
        default=Path(".jade"), validation_alias=AliasChoices("state_dir", "JADE_STATE_DIR")
    )
    """That of the local stack; the last good model that ``model`` named is kept there."""
    limit_seconds: float = Field(default=5.0, gt=0)
    """Wall-clock limit of one request to OPA: 100 documents and 50 policies take 0.3 s, and a batch must
    end well before half of its ``ack_wait``."""
    resources: int = Field(default=20_000, gt=0)
    """Resources whose verdicts stay in this process: about 5 kB each with twelve policies."""
