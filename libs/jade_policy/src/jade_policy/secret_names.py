"""Whether a name (of a variable, a key, a flag) says that its value is a secret."""

import re
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# A name is put in lower case first, its words joined by "_". `key` alone is too common (sort keys).
_PASSWORD = re.compile(r"passw(?:or)?d|passphrase|(?:^|_)(?:pass|pwd|pin|pgpass)$")
_SECRET = re.compile(
    r"secret|(?:^|_)(?:[a-z0-9]*token|tokens|jwt|bearer|dsn|creds?|credentials?|authorization|basic_auth)(?:_|$)"
    r"|apikey|connection_?str(?:ing)?|conn_?str"
    r"|(?:^|_)(?:api|access|account|auth|client|consumer|deploy|encryption|encrypt|hmac|license|master|private"
    r"|root|secret|service|session|shared|signing|ssh|ssl|storage|tls|user|webhook)_?key(?:_id|s)?(?:_|$)"
)
# What such names end in when the value tells where the secret is, how long it lives or what it is called.
_HARMLESS = re.compile(
    r"(?:^|_)(?:addr|address|algorithm|alg|arn|audience|backend|class|count|dir|directory|disabled|enabled"
    r"|endpoint|engine|env|expiration|expires|expiry|file|filename|format|header|host|hostname|interval|issuer"
    r"|keys?ref|length|lifetime|limit|max|method|min|mode|mount|mounted|names?|namespace|path|period|policy|port"
    r"|prefix|provider|realm|refs?|region|required|reset|reviews?|rotation|seconds|selector|service|size|store"
    r"|suffix|timeout|ttl|types?|uri|urls?|validity|version)$"
)
_NO_SECRETS = frozenset({"pwd", "old_pwd", "oldpwd"})  # the working directory
_LONGEST = 200  # characters of a name that are looked at, the last ones; a hostile name fills no cache


def is_secret_name(name: str) -> bool:
    """Say whether a value under this name is to be hidden.

    >>> [is_secret_name(name) for name in ("DB_PASSWORD", "githubToken", "aws-secret-key", "db.pass")]
    [True, True, True, True]
    >>> [is_secret_name(name) for name in ("TOKEN_URL", "secretName", "PASSWORD_FILE", "SORT_KEY", "PWD")]
    [False, False, False, False, False]
    """
    return bool(_rank(name if len(name) <= _LONGEST else name[-_LONGEST:]))


def is_password_name(name: str) -> bool:
    """Say whether even a number under this name is hidden: `PASSWORD: 1234`, but not `MAX_TOKENS: 4096`."""
    return _rank(name if len(name) <= _LONGEST else name[-_LONGEST:]) == _A_PASSWORD


_NO_SECRET, _A_SECRET, _A_PASSWORD = 0, 1, 2


@lru_cache(maxsize=8192)  # the names of a cluster's variables and fields repeat
def _rank(name: str) -> int:
    words = re.sub(r"[^a-z0-9]+", "_", _CAMEL.sub("_", name).lower()).strip("_")
    if words in _NO_SECRETS or _HARMLESS.search(words):
        return _NO_SECRET
    if _PASSWORD.search(words):
        return _A_PASSWORD
    return _A_SECRET if _SECRET.search(words) else _NO_SECRET
