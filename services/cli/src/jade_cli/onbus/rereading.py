"""Dead letters of the Gatekeeper bridge: the line or object is read again where it stands, and its events are sent."""

from typing import TYPE_CHECKING

from jade_cli.settings import load
from jade_common.client import Client
from jade_common.errors import JadeError, PermanentError
from jade_common.publishing import Outbox, Outgoing
from jade_gatekeeper_bridge.adapters.rereading import GoneError, entries_again
from jade_gatekeeper_bridge.adapters.sending import SERVICE
from jade_gatekeeper_bridge.domain.entries import Made, Reject
from jade_gatekeeper_bridge.settings import GatekeeperBridgeSettings

if TYPE_CHECKING:
    from jade_cli.onbus.letters import Done, Letter


async def read_again(client: Client, letter: "Letter") -> "Done":
    """Send what a letter's line or object says now, under the ids that the bridge gives.

    Raises:
        TransientError: Not all of it was stored; running the same command again is safe.
    """
    from jade_cli.onbus.letters import Done  # noqa: PLC0415  # which asks for this module

    origin = letter.content.headers
    place = " ".join(value for name, value in origin.items() if name in {"file", "offset", "object"})
    try:
        entries = entries_again(letter.id, origin, load(GatekeeperBridgeSettings))
    except GoneError as error:
        return Done(letter.id, "gone", str(error))
    if rejects := [one.reason for one in entries if isinstance(one, Reject)]:
        return Done(letter.id, "still wrong", f"{place}: {rejects[0]}")
    made = [one for one in entries if isinstance(one, Made)]
    outbox = Outbox(client.jetstream, timeout=client.settings.publish_timeout)
    source = f"{SERVICE}/{origin.get('source', '')}"
    for ack in await outbox.publish(
        [Outgoing(one.event, one.id, source, one.correlation_id) for one in made]
    ):
        if isinstance(ack, PermanentError):
            return Done(letter.id, "still wrong", f"{place}: {ack}")
        if isinstance(ack, JadeError):
            raise ack
    return Done(letter.id, "sent again", f"{place}: {len(made)} events")
