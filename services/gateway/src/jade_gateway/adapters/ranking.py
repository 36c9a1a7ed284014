"""Asks the ranker over the bus, and says what became of the question in the terms of HTTP."""

from typing import Any

from jade_common.bus import Bus
from jade_common.errors import PermanentError, TransientError
from jade_common.events import RankAsk
from jade_common.limits import MAX_MESSAGE
from jade_common.subjects import Ask
from jade_gateway.domain.problems import AWAY, BAD_ANSWER, LATE, TOO_LARGE, UNANSWERABLE, Problem, retry_after

COME_BACK = 2.0
"""Seconds until a ranker that is away is worth another try: the supervisor has it back after about one."""


class Ranking:
    """The ranker, as the gateway knows it."""

    def __init__(self, bus: Bus) -> None:
        """Ask over ``bus``."""
        self._bus = bus

    async def __call__(self, line: dict[str, Any], top: int) -> dict[str, Any]:
        """The answer to one line.

        Raises:
            Problem: The ranker is away, late, or cannot answer this line.
        """
        question = RankAsk(lines=(line,), top=top)
        if (size := len(question.model_dump_json())) > MAX_MESSAGE:
            raise Problem(TOO_LARGE, f"Written out it has {size:,} bytes, the bus takes {MAX_MESSAGE:,}.")
        if not self._connected():
            raise Problem(AWAY, "The gateway has no connection to the bus.", headers=retry_after(COME_BACK))
        try:
            answer = await self._bus.ask(Ask.RANK, question)
        except PermanentError as error:
            raise unanswerable(str(error), line) from error
        except TransientError as error:
            raise self._away(error) from error
        except ValueError as error:
            raise Problem(BAD_ANSWER, "Its answer is no JSON.") from error
        return checked(answer, line)

    def _connected(self) -> bool:
        """Whether a question can leave; over a lost connection it would wait for its whole time."""
        try:
            return self._bus.connection.is_connected
        except TransientError:
            return False

    def _away(self, error: TransientError) -> Problem:
        if isinstance(error.__cause__, TimeoutError):
            detail = f"It was asked and gave no answer within {self._bus.settings.ask_timeout:g} s."
            return Problem(LATE, detail, headers=retry_after(COME_BACK))
        return Problem(AWAY, "Nobody answers on the bus.", headers=retry_after(COME_BACK))


def checked(answer: Any, line: dict[str, Any]) -> dict[str, Any]:
    """The one line of an answer.

    Raises:
        Problem: It is none, or it says that the line cannot be answered.
    """
    if not isinstance(answer, list) or len(answer) != 1 or not isinstance(answer[0], dict):
        raise Problem(BAD_ANSWER, "One line was asked, and its answer is not one line.")
    found: dict[str, Any] = answer[0]
    if "error" in found:
        raise unanswerable(str(found["error"]), line)
    return found


def unanswerable(error: str, line: dict[str, Any]) -> Problem:
    """The problem of a line that the ranker refused."""
    return Problem(UNANSWERABLE, error, members={"id": line.get("id"), "error": error})
