"""What each policy of a library reads: parsed once for its source, and kept in Jade's cache folder."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson
import structlog

from jade_common.identity import canonical, derived_id
from jade_common.tools import load_specs
from jade_common.tools.places import Places
from jade_common.tools.versions import VersionUnknownError, known_version
from jade_policy.errors import PolicyError
from jade_policy.library import Library
from jade_policy.opa.syntax import syntax_trees
from jade_policy.policies import Policy
from jade_policy.reads import Read, reads_of
from jade_ranker.adapters.kept import Kept, jade_cache

log = structlog.get_logger("jade.ranker")

SCHEMA = "reads-2"
"""Raised when reads are found in another way, or written in another form."""

Reads = tuple[Read, ...]


def reads_of_library(library: Library, opa: Path, cache_folder: Path | None = None) -> dict[str, Reads]:
    """The fields that decide each policy's verdict, by the policy's id.

    Blocks: 113 policies take 4 s of two busy cores the first time, and then 8 ms. Of a library that has changed, only
    the policies that were not in the one used last are parsed.

    Args:
        library: The policies.
        opa: Parses them. One that cannot tell its version is asked each time.
        cache_folder: Where what was found is kept; Jade's cache without it.

    Returns:
        All policies of the library; nothing for one that cannot be parsed, which the log names.
    """
    version = _version(opa)
    if version is None:
        return _of_all(library, _parsed(library.policies, opa))
    keys = {policy.id: key_of(policy, version) for policy in library.policies}
    whole = derived_id(SCHEMA, *sorted(set(keys.values())))
    kept = Kept((cache_folder or jade_cache()) / "reads", ".json")
    known = _decoded(kept.get(whole)) or _decoded(kept.latest()) or {}
    found = {policy: known[key] for policy, key in keys.items() if key in known}
    fresh = _parsed([policy for policy in library.policies if policy.id not in found], opa)
    if fresh:
        found |= fresh
        kept.put(whole, _encoded({keys[policy]: reads for policy, reads in found.items()}))
    return _of_all(library, found)


def key_of(policy: Policy, version: str) -> str:
    """What the reads of a policy depend on.

    Args:
        policy: The policy; what only describes it does not count.
        version: Of the OPA that parses it.
    """
    modules = (policy.module, *policy.libs)
    form = canonical([policy.shape, policy.entries, [[module.package, module.version] for module in modules]])
    return derived_id(SCHEMA, version, form, *(module.text for module in modules))


def _version(opa: Path) -> str | None:
    try:
        return known_version(load_specs()["opa"], opa, Places.here().cache)
    except VersionUnknownError as error:
        log.debug("reads_not_kept", opa=str(opa), error=str(error))
        return None


def _parsed(policies: Sequence[Policy], opa: Path) -> dict[str, Reads]:
    """The reads of those policies that can be parsed, by id."""
    try:
        trees = syntax_trees(policies, opa)
    except PolicyError:  # one of them is at fault, or OPA is: each by itself says which
        return {id_: reads for policy in policies for id_, reads in _alone(policy, opa).items()}
    return {policy.id: reads_of(policy, trees) for policy in policies}


def _alone(policy: Policy, opa: Path) -> dict[str, Reads]:
    try:
        return {policy.id: reads_of(policy, syntax_trees([policy], opa))}
    except PolicyError as error:
        log.warning("policy_not_parsed", policy=policy.id, error=str(error)[:300])
        return {}


def _of_all(library: Library, found: Mapping[str, Reads]) -> dict[str, Reads]:
    return {policy.id: found.get(policy.id, ()) for policy in library.policies}


def _encoded(reads: Mapping[str, Reads]) -> bytes:
    content = {key: [[read.path, read.lists] for read in reads[key]] for key in sorted(reads)}
    return orjson.dumps({"schema": SCHEMA, "reads": content})


def _decoded(content: bytes | None) -> dict[str, Reads] | None:
    """What was kept, by key; its digest was right, so that its form is that of its schema."""
    found = {} if content is None else orjson.loads(content)
    if found.get("schema") != SCHEMA:
        return None
    return {
        key: tuple(Read(tuple(path), tuple(lists)) for path, lists in reads)
        for key, reads in found["reads"].items()
    }
