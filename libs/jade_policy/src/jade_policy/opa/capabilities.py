"""What Rego that we did not write may do: an allow-list of OPA's built-in functions, without the network.

`python -m jade_policy.opa.capabilities OPA` writes capabilities.json anew from a release of OPA.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

FORBIDDEN = {
    "http.send": "sends anything anywhere",
    "net.lookup_ip_addr": "a DNS query carries data out",
    "opa.runtime": "shows the engine's environment and configuration",
    "json.match_schema": "a schema's $ref is fetched at run time, and `opa run` takes no allow_net",
    "json.verify_schema": "as json.match_schema",
}
ALLOW_LIST = Path(__file__).with_name("capabilities.json")


def allow_list(capabilities: dict[str, Any]) -> dict[str, Any]:
    """OPA's own capabilities less what is forbidden, and with no host that may be reached."""
    builtins = [builtin for builtin in capabilities["builtins"] if builtin["name"] not in FORBIDDEN]
    return capabilities | {"builtins": builtins, "allow_net": []}


def main() -> None:
    """Write the allow-list of the given OPA."""
    output = subprocess.run(
        [sys.argv[1], "capabilities", "--current"], capture_output=True, check=True
    ).stdout
    ALLOW_LIST.write_text(json.dumps(allow_list(json.loads(output)), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
