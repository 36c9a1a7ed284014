"""The events that cross a service boundary: one frozen model a subject.

Unknown fields are ignored and optional fields are added freely; anything else is a new version of the event.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from jade_common.limits import MAX_LINES
from jade_common.subjects import Subject

Severity = Literal["critical", "high", "medium", "low", "info"]
VerdictName = Literal["violated", "passed", "not_applicable", "unknown"]

Text = Annotated[str, Field(max_length=65_536)]
ShortText = Annotated[str, Field(min_length=1, max_length=1_024)]
Probability = Annotated[float, Field(ge=0, le=1)]


class Model(BaseModel):
    """Base of everything that travels: frozen, unknown fields ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Model):
    """Base of all events; ``subject`` says where they travel."""

    subject: ClassVar[Subject]


class Source(Model):
    """Where a finding stands in the user's files; lines start at 1."""

    path: Text
    line: Annotated[int, Field(ge=1)] | None = None
    end_line: Annotated[int, Field(ge=1)] | None = None


class ResourceIdentity(Model):
    """The resource that a finding is about, as far as it is known; no namespace where none is named."""

    api_version: ShortText | None = None
    kind: ShortText | None = None
    namespace: ShortText | None = None
    name: ShortText | None = None


class SuggestedFix(Model):
    """What the scanner itself would change: a field of the resource, or a piece of the file's text."""

    action: Literal["set", "delete", "replace"]
    """``set`` and ``delete`` are about ``path``; ``replace`` puts ``text`` in place of a region of ``source``."""
    path: Text | None = None
    value: Text | None = None
    needs_value: bool = False
    """The scanner's ``value`` only stands in for one that a person must give."""
    source: Source | None = None
    start_column: Annotated[int, Field(ge=1)] | None = None
    end_column: Annotated[int, Field(ge=1)] | None = None
    text: Text | None = None


class ReportFile(Model):
    """A file that a report is about: its path as the scanner names it, and its text."""

    path: ShortText
    content: str


class ScanReport(Event):
    """What a scanner wrote, or the manifests themselves.

    ``format`` is the name of a format plug-in (``manifests``, ``checkov``); without it, the plug-ins look.
    ``content`` is the report as the tool wrote it; ``files`` are the manifests it is about, from which a
    finding's resource is resolved.
    """

    subject: ClassVar[Subject] = Subject.SCAN_REPORT
    format: ShortText | None = None
    content: str | None = None
    files: tuple[ReportFile, ...] = ()
    team: ShortText | None = None


class ScanFinding(Event):
    """One problem that a scanner found, or (``tool`` is ``jade``) one resource to look at."""

    subject: ClassVar[Subject] = Subject.SCAN_FINDING
    tool: ShortText
    tool_version: ShortText | None = None
    rule_id: ShortText
    """Of all spellings that the tool has for a rule, always the same one."""
    rule_aliases: tuple[ShortText, ...] = ()
    """The other spellings, as the report has them."""
    title: Text | None = None
    message: Text | None = None
    severity: Severity | None = None
    raw_severity: ShortText | None = None
    """As the tool says it."""
    resource: dict[str, Any] | None = None
    resource_ref: Text | None = None
    """The resource as the tool names it, where the object itself is not known."""
    resource_identity: ResourceIdentity | None = None
    source: Source | None = None
    path: Text | None = None
    remediation: Text | None = None
    url: Text | None = None
    fixes: tuple[SuggestedFix, ...] = ()
    team: ShortText | None = None


class RankedPolicy(Model):
    """One policy of an answer: how well it fits, what it says of the resource, and why it stands here."""

    id: ShortText
    constraint: ShortText | None = None
    score: float
    """What places are decided by; comparable within one answer only."""
    probability: Probability | None = None
    """That the policy is the right one; ``None`` where nothing was learned."""
    verdict: VerdictName
    via: Literal["pod"] | None = None
    message: str | None = None
    path: str | None = None
    reasons: tuple[str, ...] = ()


class SeenProblem(Model):
    """What a problem is made of, and who saw it this time: with it, reports show a problem once."""

    tool: ShortText
    rule_id: ShortText
    rule_aliases: tuple[ShortText, ...] = ()
    subject: Text | None = None
    """The resource; the namespace, or ``cluster``, where the problem is theirs."""
    policy: ShortText | None = None
    """The policy of the library that says the same."""
    path: Text | None = None
    """The field."""


class FindingRanked(Event):
    """The policies that matter for a finding, best first, at most five."""

    subject: ClassVar[Subject] = Subject.FINDING_RANKED
    finding_id: ShortText
    problem_id: ShortText
    """The same for every finding that says the same, whoever made it."""
    problem: SeenProblem | None = None
    policies: tuple[RankedPolicy, ...]
    none_applies: bool
    model: ShortText
    library: ShortText | None = None
    """Digest of the policies that were ranked: with it, the model and the engine, the answer can be computed again."""
    engine: ShortText | None = None
    """Version of the OPA that judged."""


class PolicyFailed(Event):
    """A policy that did not do what it should: it did not load, broke, is not enforced, or judged otherwise."""

    subject: ClassVar[Subject] = Subject.POLICY_FAILED
    policy_id: ShortText
    digest: ShortText | None = None
    """Of the policy's source: 128 bits in hex."""
    constraint: ShortText | None = None
    policy: Text | None = None
    """Its source, where the sender has it."""
    stage: Literal["load", "evaluate", "enforce", "judge"] | None = None
    """``judge``: it gave an answer, and not the expected one."""
    error: Text | None = None
    code: ShortText | None = None
    location: ShortText | None = None
    """Where in the source, as the engine says it."""
    manifest: dict[str, Any] | None = None
    """What it judged."""
    expected: VerdictName | None = None
    actual: VerdictName | None = None
    team: ShortText | None = None


class ReviewShape(Model):
    """What a policy had to look at: as much as whoever measured knows of it."""

    api_version: ShortText | None = None
    kind: ShortText | None = None
    constraints: Annotated[int, Field(ge=0)] | None = None
    """Constraints that were evaluated in this time."""


class LatencyObserved(Event):
    """How long a policy took for one review."""

    subject: ClassVar[Subject] = Subject.LATENCY_OBSERVED
    policy_id: ShortText
    digest: ShortText | None = None
    """Of the policy's source: 128 bits in hex."""
    constraint: ShortText | None = None
    milliseconds: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    shape: ReviewShape | None = None
    process: Literal["admission", "audit"] | None = None
    engine: ShortText | None = None


class DeadLetter(Model):
    """A message that nobody could handle, with the reason; redacted.

    ``original`` is the body as text (undecodable bytes replaced), cut at 16 KiB: enough to see what it
    was. The whole message stays in its stream, at ``stream`` and ``sequence``.
    """

    reason: str
    kind: Literal["invalid", "permanent", "exhausted", "max_deliveries"]
    attempt: int
    subject: str
    stream: str | None = None
    sequence: int | None = None
    consumer: str | None = None
    headers: dict[str, str] = {}
    original: str = ""


EVENTS: dict[Subject, type[Event]] = {
    model.subject: model for model in (ScanReport, ScanFinding, FindingRanked, PolicyFailed, LatencyObserved)
}
"""The event of each subject."""


class RankAsk(Model):
    """A question on ``rank.ask``: lines of ``jade rank``, answered in their order."""

    lines: Annotated[tuple[dict[str, Any], ...], Field(max_length=MAX_LINES)]
    top: Annotated[int, Field(ge=0)] = 5
    inventory: dict[str, Any] | None = None
    """Gatekeeper's ``data.inventory`` for every line that brings none; in one place, since it may be larger
    than all lines."""
