"""Settings of the gateway: ``JADE_GATEWAY_*``, section ``gateway`` of ``jade.yaml``."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from jade_common.settings import Settings
from jade_gateway.domain.keys import entries


class GatewaySettings(Settings):
    """Who may ask, how much, and for how long."""

    model_config = SettingsConfigDict(env_prefix="JADE_GATEWAY_", hide_input_in_errors=True)
    section: ClassVar[str] = "gateway"

    api_keys: Annotated[dict[str, SecretStr], NoDecode] = Field(default_factory=dict)
    """Who may ask: a comma list, a JSON list, or a JSON object of names and keys. A key is the secret itself,
    or ``sha256:`` and its hex digest. Without any, only clients on this machine are served."""
    rate: float = Field(default=50.0, gt=0)
    """Questions a second for each key; far above what people type, below what would keep a ranker busy."""
    burst: int = Field(default=200, ge=1)
    """Questions that a key may ask at once after a pause: a review of a large chart."""
    concurrency: int = Field(default=64, ge=1)
    """Questions in flight at once, for all keys together: with 1 MiB each they hold 64 MiB."""
    body_timeout: float = Field(default=10.0, gt=0)
    """Seconds for a body to arrive: 1 MiB within 10 s is a line of 1 Mbit/s."""

    @field_validator("api_keys", mode="before")
    @classmethod
    def _parse(cls, value: Any) -> dict[str, Any]:
        return entries(value)
