"""The programs that Jade runs and does not import: which, where they are, and how they get here.

    find("opa")           the path and version to run, or a clear error
    python -m jade_common.tools list|which NAME|install [NAME...]

infra/tools.toml says what is pinned and where it comes from.
"""

from jade_common.tools.locate import NOT_INSTALLED, Tool, ToolNotFoundError, find
from jade_common.tools.specs import ToolSpec, load_specs

__all__ = ["NOT_INSTALLED", "Tool", "ToolNotFoundError", "ToolSpec", "find", "load_specs"]
