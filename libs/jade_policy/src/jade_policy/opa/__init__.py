"""The Rego engine: the official OPA as a server process, the only part of this package that runs one."""

from jade_policy.opa.check import check_library, compile_library
from jade_policy.opa.engine import Engine

__all__ = ["Engine", "check_library", "compile_library"]
