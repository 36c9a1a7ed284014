"""OPA's interpreter as a server, started when somebody asks it."""

import threading
from collections.abc import Sequence
from pathlib import Path

from jade_policy.errors import EngineError
from jade_policy.opa.asker import HEALTH_LIMIT_SECONDS, Asker, Question, fail
from jade_policy.opa.bundle import Bundle
from jade_policy.opa.client import OpaClient
from jade_policy.opa.inventories import Inventory
from jade_policy.opa.process import OpaProcess


class Server:
    """One OPA with one bundle; any number of threads may ask it."""

    def __init__(self, opa: Path, bundle: Bundle, folder: Path, limit_seconds: float) -> None:
        """For the bundle that was written to the folder `bundle` in `folder`."""
        address = folder / "opa.sock"
        self.process = OpaProcess(opa, folder / "bundle", address)
        self._client = OpaClient(address)
        self._asker = Asker(self._client, self.process, bundle, limit_seconds)
        self._lock = threading.Lock()
        self._started = False
        self._failure: EngineError | None = None

    def start(self) -> None:
        """Start OPA, unless that was done.

        Raises:
            EngineError: it does not come up.
        """
        with self._lock:
            if self._failure is not None:
                raise self._failure
            if not self._started:
                try:
                    self.process.start()
                except EngineError as error:
                    self._failure = error
                    raise
                self._started = True

    def ask(self, questions: Sequence[Question], inventory: Inventory | None) -> None:
        """Fill the answers of the questions' tasks, with an exception where there is no answer."""
        try:
            self.start()
        except EngineError as error:
            fail(questions, error)
            return
        self._asker.ask(questions, inventory)

    def version(self) -> str:
        """The release of OPA.

        Raises:
            EngineError: it does not come up, or does not say.
        """
        self.start()
        return self._client.version(HEALTH_LIMIT_SECONDS)

    def healthy(self) -> bool:
        """Whether OPA answers now, if it ever had to."""
        return not self._started or self._client.healthy(HEALTH_LIMIT_SECONDS)

    def close(self) -> None:
        """Stop OPA."""
        self._client.close()
        self.process.close()
