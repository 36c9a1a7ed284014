"""Settings of the Gatekeeper bridge: ``JADE_GATEKEEPER_BRIDGE_*``, section ``gatekeeper_bridge`` of ``jade.yaml``."""

from pathlib import Path
from typing import ClassVar

from pydantic import AliasChoices, Field
from pydantic_settings import SettingsConfigDict

from jade_common.settings import Settings


class GatekeeperBridgeSettings(Settings):
    """What the bridge reads; without any of the three sources it is there and idle."""

    model_config = SettingsConfigDict(env_prefix="JADE_GATEKEEPER_BRIDGE_")
    section: ClassVar[str] = "gatekeeper_bridge"

    spool: Path | None = None
    """The folder that Gatekeeper's disk driver exports to (``path`` of its Connection, or a folder above)."""
    audit_log: str | None = None
    """Gatekeeper's log: a file with its rotated siblings, or ``-`` for standard input."""
    status: Path | None = None
    """Constraints and templates as ``kubectl get -o json`` writes them: a file, or a folder of ``*.json``."""
    state: Path | None = None
    """The file that holds how far everything was read; ``gatekeeper-bridge.json`` in ``state_dir`` without it."""
    state_dir: Path = Field(
        default=Path(".jade"), validation_alias=AliasChoices("state_dir", "JADE_STATE_DIR")
    )
    """That of the local stack."""
    team: str | None = Field(default=None, max_length=1_024)
    """Whose findings these are; two clusters on one bus need two names, else they are one problem."""
    poll_seconds: float = Field(default=1.0, gt=0)
    """Between two looks at the files; an audit comes every minute."""
    batch: int = Field(default=500, ge=1, le=4_000)
    """Lines that are read, sent and settled together: a record has at most 64 KiB, so they hold 32 MiB at worst."""
    repeat_seconds: float = Field(default=3_600.0, ge=0)
    """For so long a finding that was stored is not sent again, though every audit repeats it."""

    @property
    def reads_something(self) -> bool:
        """Whether any of its sources is set."""
        return bool(self.spool or self.audit_log or self.status)

    @property
    def positions(self) -> Path:
        """Where it is kept how far everything was read."""
        return self.state or self.state_dir / "gatekeeper-bridge.json"


def unset() -> str | None:
    """What must be set before the bridge has anything to do; ``None`` where it is."""
    if GatekeeperBridgeSettings().reads_something:
        return None
    return (
        "it has nothing to read. Set JADE_GATEKEEPER_BRIDGE_SPOOL (the folder of Gatekeeper's export), _AUDIT_LOG (its "
        "log) or _STATUS (`kubectl get constraints,constrainttemplates -o json`), or `spool`, `audit_log` or `status` "
        "in section gatekeeper_bridge of jade.yaml; see docs/architecture/gatekeeper-bridge.md"
    )
