"""Every policy sees every kind that it matches and every list of containers: proven by moving the fault about."""

import copy
import json
import re
import subprocess

import pytest

from jade_policy.pod_templates import POD, TEMPLATE_ITSELF, TEMPLATE_PATHS
from jade_policy.resources import CONTAINER_LISTS, pod_pointer, pod_spec

IN_A_LIST = re.compile(r"/spec/(\w*[cC]ontainers)/(\d+)(/.*)?")
PATHS = {POD: (), **dict.fromkeys(TEMPLATE_ITSELF, ()), **TEMPLATE_PATHS}
VERSIONS = (
    "v1",
    "v1beta1",
    "v1beta2",
    "v1alpha1",
    "v2",
    "v2beta1",
    "v2beta2",
)  # that built-in kinds ever had


def kinds_of(source):
    return [(group.api_group, kind) for group in source.metadata.match for kind in group.kinds]


def workload(kind, metadata, template):
    """Put a pod template into a workload of a kind; what is its own template has both metadata in one."""
    group, name = kind
    obj = template
    for key in reversed(PATHS[kind]):
        obj = {key: obj}
    body = {"apiVersion": f"{group}/v1" if group else "v1", "kind": name}
    inner = {} if PATHS[kind] else obj.get("metadata", {})
    return {**obj, **body, "metadata": {**metadata, **inner}}


def taken_apart(obj):
    """Give a workload's metadata and its pod template. What is its own template has its labels in both."""
    template = obj
    for token in pod_pointer(obj).split("/")[1:]:
        template = template[token]
    own = obj.get("metadata") or {}
    kept = {key: own[key] for key in ("name", "namespace", "labels", "annotations") if key in own}
    inner = template.get("metadata") or {}
    labels = {key: inner[key] for key in ("labels", "annotations") if key in inner}
    return kept, {"metadata": labels, "spec": template["spec"]}


@pytest.fixture(scope="module")
def denied_by(sources, fixture_objects):
    """Go over the denied fixtures: policy, fixture, object, inventory."""
    return [
        (source, fixture, obj, inventory)
        for source in sources
        for fixture in source.fixtures
        if fixture.denied
        for obj, inventory in [fixture_objects[fixture.path]]
    ]


def in_the_template(fixture, obj):
    """Whether all faults, and all that they need, stand in the pod template of the object."""
    if pod_spec(obj) is None:
        return False
    prefix = pod_pointer(obj)
    return all(
        path.startswith((f"{prefix}/spec/", f"{prefix}/metadata/"))
        for path in (*fixture.violates, *fixture.needs)
    )


def moved(template, path, target):
    """Move the container that is at fault to another list; gives the template and the new path."""
    match = IN_A_LIST.fullmatch(path)
    template = copy.deepcopy(template)
    container = template["spec"][match[1]].pop(int(match[2]))
    others = template["spec"].setdefault(target, [])
    others.append(container)
    return template, f"/spec/{target}/{len(others) - 1}{match[3] or ''}"


def test_rego_and_python_know_the_same_pod_templates(opa, policies):
    command = [
        opa,
        "eval",
        "--format",
        "raw",
        "--data",
        str(policies / "gatekeeper" / "lib" / "kubernetes.rego"),
    ]
    done = subprocess.run(
        [*command, "data.lib.kubernetes.pod_template_paths"], capture_output=True, check=True, timeout=30
    )
    assert json.loads(done.stdout) == {
        "/".join(part for part in kind if part): list(path) for kind, path in PATHS.items()
    }


def test_a_fault_in_a_pod_template_is_seen_in_every_kind_that_is_matched(denied_by, judge, case):
    """A Pod's metadata is that of its template too: in another kind, either may be what the policy reads."""
    asked, expected = [], []
    for source, fixture, obj, inventory in denied_by:
        if not in_the_template(fixture, obj):
            continue
        metadata, template = taken_apart(obj)
        relative = [path.removeprefix(pod_pointer(obj)) for path in fixture.violates]
        for kind in kinds_of(source):
            if kind in PATHS:
                changed = workload(kind, metadata, template)
                prefix = pod_pointer(changed)
                same = [
                    path if path.startswith("/metadata/") and obj["kind"] == "Pod" else prefix + path
                    for path in relative
                ]
                asked.append(case([source.id], changed, inventory=inventory))
                expected.append((source.id, kind, sorted(prefix + path for path in relative), sorted(same)))
    wrong = [
        f"{id_}, as {kind}: {found[id_]} instead of {shifted}"
        for (id_, kind, shifted, same), found in zip(expected, judge(asked), strict=True)
        if found[id_] not in (shifted, same)
    ]
    assert not wrong, "\n".join(wrong)


def other_kinds(obj, kind, versions):
    """Give an object as one of another kind, its pod template at the right place."""
    group, name = kind
    if kind in PATHS and pod_spec(obj) is not None:
        changed = workload(kind, *taken_apart(obj))
        yield (
            {**changed, "spec": {**unless_template(obj), **changed["spec"]}} if "spec" in changed else changed
        )
    for version in versions:
        yield {**obj, "apiVersion": f"{group}/{version}" if group else version, "kind": name}


def unless_template(obj):
    """Give the fields of a workload's spec that stand beside its pod template."""
    spec = obj.get("spec")
    if not isinstance(spec, dict) or not pod_pointer(obj):
        return {}
    return {key: value for key, value in spec.items() if key not in pod_pointer(obj).split("/")}


def test_every_kind_that_a_policy_matches_can_be_denied(sources, denied_by, judge, case):
    """For each kind there is a denied fixture, or one that is denied when it is made one of that kind."""
    unseen = {(source.id, kind) for source in sources for kind in kinds_of(source)}
    first = list({source.id: row for row in reversed(denied_by) for source in row[:1]}.values())
    # Nearly all kinds are seen in the first round; only what is left is asked about in the wider ones.
    for rows, versions in ((first, VERSIONS[:1]), (denied_by, VERSIONS[:1]), (denied_by, VERSIONS[1:])):
        asked, about = [], []
        for source, _, obj, inventory in rows:
            own = (obj["apiVersion"].rpartition("/")[0], obj["kind"])
            for kind in kinds_of(source):
                if (source.id, kind) in unseen:
                    candidates = [obj] if kind == own else other_kinds(obj, kind, versions)
                    for changed in candidates:
                        asked.append(case([source.id], changed, inventory=inventory))
                        about.append((source.id, kind))
        unseen -= {key for key, found in zip(about, judge(asked), strict=True) if found[key[0]]}
    assert not unseen, f"each of these kinds needs a denied fixture of its own: {sorted(unseen)}"


def test_every_policy_looks_into_the_lists_that_it_names(denied_by, judge, case, chosen):
    asked, expected, probed = [], [], set()
    for source, fixture, obj, inventory in denied_by:
        if not in_the_template(fixture, obj):
            continue
        kind = next(kind for kind in (("apps", "Deployment"), *PATHS) if kind in kinds_of(source))
        metadata, template = taken_apart(obj)
        for path in fixture.violates:
            relative = path.removeprefix(pod_pointer(obj))
            if IN_A_LIST.fullmatch(relative):
                for target in CONTAINER_LISTS:
                    changed, new_path = moved(template, relative, target)
                    changed = workload(kind, metadata, changed)
                    asked.append(case([source.id], changed, inventory=inventory))
                    seen = target in source.metadata.container_lists
                    expected.append((source.id, pod_pointer(changed) + new_path, seen))
                    probed.add(source.id)
    wrong = [
        f"{id_}: {path} {'is not' if seen else 'is'} seen, but container_lists says otherwise"
        for (id_, path, seen), found in zip(expected, judge(asked), strict=True)
        if (path in found[id_]) != seen
    ]
    assert not wrong, "\n".join(wrong)
    assert chosen or len(probed) >= 8
