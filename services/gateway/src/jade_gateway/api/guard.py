"""Who may ask, how often, and how many at once: everything but probes and documents passes here."""

from collections.abc import Callable
from ipaddress import IPv6Address, IPv6Network, ip_address

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from jade_gateway.domain.keys import Keys
from jade_gateway.domain.problems import BUSY, NO_KEY, NOT_LOCAL, TOO_MANY, Problem, retry_after
from jade_gateway.domain.rate import TokenBuckets

log = structlog.get_logger("jade.gateway")

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
IPV6_SITE = 64  # bits that name a customer; the rest he chooses himself


class Guard:
    """Lets a request through to ``app``, or refuses it before its body is read."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        keys: Keys,
        buckets: TokenBuckets,
        concurrency: int,
        clock: Callable[[], float],
        free: frozenset[str],
    ) -> None:
        """Guard all paths of ``app`` but ``free``."""
        self._app = app
        self._keys = keys
        self._buckets = buckets
        self._concurrency = concurrency
        self._clock = clock
        self._free = free
        self._open = 0

    def announce(self) -> None:
        """Say in the log who is served."""
        if not self._keys:
            log.warning("no_api_keys", served="clients on this machine only", set="JADE_GATEWAY_API_KEYS")
        for name in self._keys.short:
            log.warning("api_key_short", key=name, do="use at least 16 random characters")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or raise its :class:`Problem`."""
        if scope["type"] != "http" or scope["path"] in self._free:
            await self._app(scope, receive, send)
            return
        self._admit(scope)
        if self._open >= self._concurrency:
            raise Problem(BUSY, f"{self._open} requests are being answered.", headers=retry_after(1))
        self._open += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open -= 1

    def _admit(self, scope: Scope) -> None:
        """Name the caller in the request's state; every try costs a token, so that keys are not guessed fast.

        Raises:
            Problem: It may not ask, or not yet.
        """
        headers, client = Headers(scope=scope), client_of(scope)
        presented = key_of(headers)
        owner = self._keys.owner(presented) if presented is not None else None
        # The prefixes keep a key that is named like an address apart from that address.
        caller = f"key {owner}" if owner is not None else f"client {site_of(client)}"
        scope["state"]["caller"] = caller
        if wait := self._buckets.take(caller, self._clock()):
            raise Problem(TOO_MANY, f"The next is served in {wait:.2f} s.", headers=retry_after(wait))
        if self._keys and owner is None:
            detail = (
                "There is none in the request."
                if presented is None
                else "The one in the request is not valid."
            )
            raise Problem(NO_KEY, detail, headers={"WWW-Authenticate": 'Bearer realm="jade"'})
        if not self._keys and not (is_local(client) and is_local_name(headers.get("host", ""))):
            raise Problem(NOT_LOCAL, "No API key is configured, and this request comes from elsewhere.")


def key_of(headers: Headers) -> bytes | None:
    """The key that a request presents, if any."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip().encode("latin-1")
    other = headers.get("x-api-key", "").strip()
    return other.encode("latin-1") if other else None


def client_of(scope: Scope) -> str:
    """Address of the client; empty where the server does not know it, which is nobody's."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def is_local(client: str) -> bool:
    """Whether an address is of this machine.

    >>> is_local("127.0.0.1"), is_local("::ffff:127.0.0.1"), is_local("10.0.0.1"), is_local("")
    (True, True, False, False)
    """
    try:
        address = ip_address(client)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def is_local_name(host: str) -> bool:
    """Whether a Host header names this machine; a page whose name was rebound to 127.0.0.1 sends its own.

    >>> is_local_name("localhost:8080"), is_local_name("[::1]:8080"), is_local_name("evil.example:8080")
    (True, True, False)
    """
    name = host.lower()
    return (name.rpartition(":")[0] if not name.endswith("]") and ":" in name else name) in LOCAL_NAMES


def site_of(client: str) -> str:
    """What shares a bucket: an IPv4 address, or the /64 of an IPv6 one.

    >>> site_of("10.0.0.1"), site_of("2001:db8::1")
    ('10.0.0.1', '2001:db8::/64')
    """
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Network((address, IPV6_SITE), strict=False))
    return client
