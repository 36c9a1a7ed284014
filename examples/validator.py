"""A validator in the manner of an admission webhook: asks Jade about an AdmissionReview, and fails closed.

Usage: python examples/validator.py < review.json > response.json     exit code 0: allowed, 1: denied
"""

import asyncio
import json
import sys
from typing import Any

from jade_common.client import Client, NatsSettings, RankedLine, RankLine

SECONDS = 5.0
"""For the answer: half of what Kubernetes gives a webhook by default."""


async def asked(request: dict[str, Any]) -> RankedLine:
    """What all policies say of a request."""
    async with Client(NatsSettings(ask_timeout=SECONDS), source="example/validator") as jade:
        (answer,) = await jade.rank([RankLine(review=request)], top=0)
    return answer


def reasons(answer: RankedLine) -> list[str]:
    """Why the request must be denied; a verdict that is not known is no permission.

    The exception is a policy that would need to see more of the cluster: it is for the audit.
    """
    if answer.error is not None:
        return [f"not judged: {answer.error}"]
    return [
        f"{policy.id}: {policy.message}"
        for policy in answer.policies
        if policy.verdict == "violated" or (policy.verdict == "unknown" and not policy.needs_cluster)
    ]


def decided(uid: str, why: list[str]) -> dict[str, Any]:
    """The AdmissionReview that answers the request ``uid``."""
    response: dict[str, Any] = {"uid": uid, "allowed": not why}
    if why:
        response["status"] = {"code": 403, "message": "; ".join(why)}
    return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response}


if __name__ == "__main__":
    uid = ""
    try:
        request = json.load(sys.stdin)["request"]
        uid = request["uid"]
        why = reasons(asyncio.run(asked(request)))
    except Exception as error:  # noqa: BLE001  # whatever it is: an open door is worse than a closed one
        why = [f"not judged: {error or type(error).__name__}"]
    json.dump(decided(uid, why), sys.stdout)
    sys.exit(1 if why else 0)
