"""Settings that several services share. Read once by a composition root and passed in; never imported as values.

Order, the later wins: defaults, ``jade.yaml`` (section of the same name), ``JADE_*`` in the environment,
arguments.
"""

import os
import re
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, ClassVar

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)

from jade_common.limits import MAX_OBJECT

CONFIG_NAME = "jade.yaml"


def config_file(start: Path | None = None) -> Path | None:
    """The ``jade.yaml`` that counts: ``JADE_CONFIG``, else the nearest one from ``start`` upward.

    Args:
        start: A folder; the current one by default.

    Returns:
        Its path, or ``None`` where there is none.
    """
    if named := os.environ.get("JADE_CONFIG"):
        return Path(named)
    folder = (start or Path.cwd()).resolve()
    return next((path for step in (folder, *folder.parents) if (path := step / CONFIG_NAME).is_file()), None)


class Settings(BaseSettings):
    """Base of every settings class; ``section`` is its place in ``jade.yaml``."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_nested_delimiter="__")
    section: ClassVar[str]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # no .env files: one way to set a thing
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, environment, secret files, then the section of ``jade.yaml``."""
        section = _Section(settings_cls, cls.section)
        return init_settings, env_settings, file_secret_settings, section


class _Section(YamlConfigSettingsSource):
    """One section of ``jade.yaml``."""

    def __init__(self, settings_cls: type[BaseSettings], section: str) -> None:
        self.section = section
        super().__init__(settings_cls, yaml_file=config_file(), yaml_file_encoding="utf-8")

    def _read_file(self, path: Path | Traversable) -> dict[str, Any]:
        content = super()._read_file(path) or {}
        found = content.get(self.section) if isinstance(content, dict) else None
        return found if isinstance(found, dict) else {}


class NatsSettings(Settings):
    """The broker: ``JADE_NATS_*``, section ``nats``."""

    model_config = SettingsConfigDict(env_prefix="JADE_NATS_")
    section: ClassVar[str] = "nats"

    url: str = "nats://127.0.0.1:4222"
    token: SecretStr | None = None
    credentials: Path | None = None
    """A NATS credentials file (JWT and NKey)."""
    publish_timeout: float = Field(default=10.0, gt=0)
    """Seconds until a publish without an acknowledgement counts as failed."""
    ask_timeout: float = Field(default=10.0, gt=0)
    """Seconds that a question may take."""

    @property
    def address(self) -> str:
        """The URL without user and password, for logs and probes.

        >>> NatsSettings(url="nats://jade:hunter2@bus:4222").address
        'nats://bus:4222'
        """
        return re.sub("//[^/]*@", "//", self.url)

    max_object: int = Field(default=MAX_OBJECT, gt=0)
    """Bytes of the largest payload that is taken from the object store."""
    topology: Path | None = None
    """Another ``topology.toml`` than Jade's own, for whoever tunes batches or limits: the declaration and all
    workers read it."""


class CacheSettings(Settings):
    """The cache: ``JADE_CACHE_*``, section ``cache``."""

    model_config = SettingsConfigDict(env_prefix="JADE_CACHE_")
    section: ClassVar[str] = "cache"

    url: str = "memory://"
    """``redis://host:port/db``, ``unix:///path/to/redis.sock`` or ``memory://``."""
    timeout: float = Field(default=0.05, gt=0)
    """Seconds for one batched call; past that the answer is computed instead."""
    ttl: int = Field(default=86_400, gt=0)
    """Seconds that an entry lives: a day, so that a nightly scan still finds yesterday's verdicts."""


class HttpSettings(Settings):
    """Where a worker's probes and metrics answer: ``JADE_HTTP_*``, section ``http``."""

    model_config = SettingsConfigDict(env_prefix="JADE_HTTP_")
    section: ClassVar[str] = "http"

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65_535)
    fd: int | None = None
    """A listening socket that the supervisor opened; wins over host and port, so no other process can take
    the port."""


class LogSettings(Settings):
    """Logs: ``JADE_LOG_*``, section ``log``."""

    model_config = SettingsConfigDict(env_prefix="JADE_LOG_")
    section: ClassVar[str] = "log"

    level: str = "info"


class TrackingSettings(Settings):
    """Where runs of evaluations and trainings are logged: ``JADE_MLFLOW_*``, section ``mlflow``."""

    model_config = SettingsConfigDict(env_prefix="JADE_MLFLOW_")
    section: ClassVar[str] = "mlflow"

    enabled: bool = True
    uri: str | None = None
    """``sqlite:///path``, or an MLflow server such as ``http://127.0.0.1:5000``; by default ``mlflow.db`` in
    ``state_dir``. Artefacts of an sqlite file lie in ``mlruns`` beside it."""
    state_dir: Path = Field(
        default=Path(".jade"), validation_alias=AliasChoices("state_dir", "JADE_STATE_DIR")
    )
    timeout: int = Field(default=5, gt=0)
    """Seconds that a server may take for one answer; it is asked twice."""

    @property
    def target(self) -> str:
        """The URI that counts, with its password where it has one.

        >>> TrackingSettings(state_dir="/srv/jade", uri=None).target
        'sqlite:////srv/jade/mlflow.db'
        """
        return self.uri or f"sqlite:///{self.state_dir.resolve() / 'mlflow.db'}"
