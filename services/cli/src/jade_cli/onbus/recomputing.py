"""An event's answer computed again by the workers' own code, and compared with what was stored, byte for byte."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

import orjson
from nats.aio.msg import Msg
from pydantic import ValidationError

from jade_cli.onbus.chains import Event, Step
from jade_cli.onbus.publishing import expected
from jade_common import cloudevents
from jade_common.delivery import Received, explained
from jade_common.errors import InvalidEventError, JadeError
from jade_common.events import ScanFinding, ScanReport
from jade_common.publishing import encode
from jade_common.subjects import Subject
from jade_ranker.adapters.answering import Answering, Looking
from jade_ranker.domain.learned import BY_MEANING

SHOWN = 10
"""Differences that are listed; a ranking under another library differs everywhere."""

SAID_FIRST = {"library": "the policy set", "engine": "OPA's version", "model": "the model"}
"""What explains that the rest differs."""

ABSENT = "(absent)"


class Difference(NamedTuple):
    """Something that is not as it was stored."""

    path: str
    stored: Any
    here: Any

    def __str__(self) -> str:
        name = SAID_FIRST.get(self.path.removeprefix("/"))
        return (
            f"{self.path}{f' ({name})' if name else ''}: stored {short(self.stored)}, here {short(self.here)}"
        )


class Compared(NamedTuple):
    """One stored answer and what came out here."""

    id: str
    subject: str
    cause: str
    size: int
    differences: tuple[Difference, ...]

    def row(self) -> dict[str, Any]:
        """The comparison for programs."""
        return {
            "id": self.id,
            "subject": self.subject,
            "cause": self.cause,
            "identical": not self.differences,
            "bytes": self.size,
            "differences": [one._asdict() for one in self.differences],
        }


async def answers(cause: Event, answering: Answering, looking: Looking = "always") -> dict[str, bytes]:
    """What the workers make of an event: bodies by id.

    Args:
        cause: The event.
        answering: The ranker's code.
        looking: Whether it looks at what a finding means; a worker does where it knows that in time.

    Raises:
        JadeError: They would refuse it.
    """
    data = cloudevents.parsed(cause.body)
    try:
        if cause.message.subject == Subject.SCAN_REPORT:
            ingested = expected(ScanReport.model_validate(data))
            return {identity: encode(finding) for identity, finding in ingested.findings}
        finding = ScanFinding.model_validate(data)
    except ValidationError as error:
        raise InvalidEventError(explained(error)) from error
    # The handler's message is for acks alone: there is nothing to ack here.
    received = Received(finding, cause.attributes, cast("Msg", None))
    (outcome,) = await answering.findings([received], looking=looking)
    if isinstance(outcome, JadeError):
        raise outcome
    return {one.id: encode(one.event) for one in outcome}


async def compared(step: Step, answering: Answering) -> list[Compared]:
    """Compare the stored answers of a step with what comes out here."""
    cause = step.cause.attributes.id
    try:
        here = await answers(step.cause, answering, looking_of(step))
        refused = None
    except JadeError as error:
        here, refused = {}, Difference("", "an answer", f"refused: {error}")
    if step.cause.message.subject == Subject.SCAN_FINDING:
        # A finding has one answer, whatever its id: the id follows from model and library, which may be others here.
        here = (
            dict.fromkeys((one.attributes.id for one in step.answers), next(iter(here.values()), b""))
            if here
            else {}
        )
    done: list[Compared] = []
    for answer in step.answers:
        identity = answer.attributes.id
        found = here.pop(identity, None)
        if found is not None:
            differences = tuple(differing(answer.body, found))
        else:
            differences = (refused or Difference("", "an answer", "no answer of this id"),)
        done.append(Compared(identity, answer.message.subject, cause, len(answer.body), differences))
    if step.whole:
        done += [
            Compared(identity, Subject.SCAN_FINDING, cause, len(body), (Difference("", ABSENT, "an answer"),))
            for identity, body in here.items()
        ]
    return done


def looking_of(step: Step) -> Looking:
    """Whether the stored answers looked at what a finding means: their model's name says so."""
    models = {str(orjson.loads(one.body).get("model", "")) for one in step.answers}
    return "always" if any(name.endswith(BY_MEANING) for name in models) else "never"


def differing(stored: bytes, here: bytes) -> Iterator[Difference]:
    """What differs between two bodies, what explains the rest first; at most ten."""
    if stored == here:
        return
    found = list(walked(cloudevents.parsed(stored), cloudevents.parsed(here), ""))
    found.sort(key=lambda one: one.path.removeprefix("/") not in SAID_FIRST)
    yield from found[:SHOWN]
    if len(found) > SHOWN:
        yield Difference("", f"{len(found) - SHOWN} more values", "others")
    if not found:
        yield Difference("", "the same values", "written in other bytes")


def walked(stored: Any, here: Any, path: str) -> Iterator[Difference]:
    """The values that differ, each with its JSON pointer."""
    if isinstance(stored, Mapping) and isinstance(here, Mapping):
        for key in dict.fromkeys([*stored, *here]):
            yield from walked(stored.get(key, ABSENT), here.get(key, ABSENT), f"{path}/{key}")
    elif isinstance(stored, list) and isinstance(here, list):
        for number in range(max(len(stored), len(here))):
            old = stored[number] if number < len(stored) else ABSENT
            new = here[number] if number < len(here) else ABSENT
            yield from walked(old, new, f"{path}/{number}")
    elif stored != here:
        yield Difference(path, stored, here)


def short(value: Any) -> str:
    """A value on one line, cut where it is long."""
    if value == ABSENT:
        return ABSENT
    text = orjson.dumps(value).decode()
    return text if len(text) <= 120 else f"{text[:117]}..."  # noqa: PLR2004  # a line of a terminal
