"""Moments as people write them on a command line."""

from datetime import UTC, datetime, timedelta

from jade_cli.failures import WrongUsage

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def moment(text: str, now: datetime) -> datetime:
    """The moment that ``30m``, ``2h`` or an ISO time means.

    Raises:
        ValueError: It is neither.

    >>> moment("30m", datetime(2026, 1, 1, 12, tzinfo=UTC)).isoformat()
    '2026-01-01T11:30:00+00:00'
    """
    if text[-1:] in UNITS and text[:-1].isdecimal():
        return now - timedelta(**{UNITS[text[-1]]: int(text[:-1])})
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is neither a duration (30s, 10m, 2h, 7d) nor an ISO time") from None
    return found if found.tzinfo is not None else found.astimezone()


def since(text: str | None, flag: str = "--since") -> datetime | None:
    """The moment of a flag, seen from now; ``None`` where it was not given.

    Raises:
        WrongUsage: It is no moment.
    """
    try:
        return None if text is None else moment(text, datetime.now(UTC))
    except ValueError as error:
        raise WrongUsage(f"{flag} {error}") from error
