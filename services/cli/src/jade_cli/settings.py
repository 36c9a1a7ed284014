"""Settings of the command line: ``JADE_SCAN_*``, section ``scan`` of ``jade.yaml``; flags win over both."""

from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import SettingsConfigDict

from jade_cli.failures import WrongUsage
from jade_common.settings import Settings, config_file

S = TypeVar("S", bound=Settings)


class SuppressionEntry(BaseModel):
    """Findings that somebody answers for; without a reason or a last day it is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    policy: str = Field(min_length=1)
    """Id of a policy, or of another scanner's rule."""
    reason: str = Field(min_length=1)
    until: date
    """The last day."""
    resource: str | None = None
    """A glob pattern of resources as the table shows them: `Deployment shop/*`."""
    paths: tuple[str, ...] = ()
    """Glob patterns of files, as the output shows them or as seen from the folder of `jade.yaml`."""


class ScanSettings(Settings):
    """What ``jade scan`` can be told once and for all."""

    model_config = SettingsConfigDict(env_prefix="JADE_SCAN_")
    section: ClassVar[str] = "scan"

    scanner: Literal["jade", "checkov", "none"] = "jade"
    fail_on: Literal["critical", "high", "medium", "low", "info", "none"] = "low"
    output: str | tuple[str, ...] = "table"
    """Formats, each with `=FILE` or, at most one, for stdout."""
    library: Path | None = None
    """A folder of policies; Jade's own without it."""
    exclude: tuple[str, ...] = ()
    """Glob patterns of files and folders to leave out, by name or by path below the scanned folder."""
    baseline: Path | None = None
    """An earlier report, JSON or SARIF."""
    fail_on_new: bool = False
    """Fail only for what the baseline lacks."""
    allow_empty: bool = False
    """Take it as it comes that a path holds nothing for Kubernetes."""
    suppressions: tuple[SuppressionEntry, ...] = ()


def load(kind: type[S], **flags: Any) -> S:
    """Settings of ``kind``, where flags that were given win.

    Raises:
        WrongUsage: A value is not what it must be; the message says which, and where settings come from.
    """
    try:
        return kind(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, one['loc']))}: {one['msg']} (it is {one['input']!r})"
            for one in error.errors()
        )
        prefix = kind.model_config.get("env_prefix", "")
        where = f"{prefix}* in the environment, or section {kind.section!r} of {config_file() or 'jade.yaml'}"
        raise WrongUsage(f"wrong setting: {wrong}. Correct it in the flags, {where}") from error
    except Exception as error:
        if type(error).__module__.startswith("yaml") or isinstance(error, OSError | UnicodeDecodeError):
            raise WrongUsage(
                f"{config_file()} cannot be read: {error}. Correct it, or set JADE_CONFIG"
            ) from error
        raise
