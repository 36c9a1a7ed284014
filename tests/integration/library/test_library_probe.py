"""Every policy sees every kind of workload and every list of containers: proven by moving the fault about."""

import copy
import json
import re
import subprocess

import pytest
import yaml

from jade_policy import pointers
from jade_policy.pod_templates import POD, TEMPLATE_ITSELF, TEMPLATE_PATHS
from jade_policy.resources import CONTAINER_LISTS, pod_pointer, pod_spec, shape_problem

IN_A_LIST = re.compile(r"/spec/(\w*[cC]ontainers)/(\d+)(/.*)")
PATHS = {POD: (), **dict.fromkeys(TEMPLATE_ITSELF, ()), **TEMPLATE_PATHS}


def workload(kind, template):
    """Put a pod template into a workload of a kind."""
    group, name = kind
    obj = template
    for key in reversed(PATHS[kind]):
        obj = {key: obj}
    body = {"apiVersion": f"{group}/v1" if group else "v1", "kind": name}
    metadata = obj.get("metadata", {}) if not PATHS[kind] else {}
    return {**obj, **body, "metadata": {**metadata, "name": "probe", "namespace": "probe"}}


def template_of(obj):
    """Take the pod template out of a workload, with labels alone as its metadata."""
    found = obj
    for token in pod_pointer(obj).split("/")[1:]:
        found = found[token]
    labels = (found.get("metadata") or {}).get("labels", {})
    return {"metadata": {"labels": labels}, "spec": found["spec"]}


def faults(source):
    """Go over the denied fixtures: a pod template and the paths that are at fault in it."""
    for fixture in source.fixtures:
        if fixture.denied:
            obj = yaml.safe_load(fixture.manifest)
            prefix = pod_pointer(obj)
            yield template_of(obj), [path.removeprefix(prefix) for path in fixture.violates]


def moved(template, path, target):
    """Move the container that is at fault to another list; gives the template and the new path."""
    match = IN_A_LIST.fullmatch(path)
    template = copy.deepcopy(template)
    container = template["spec"][match[1]].pop(int(match[2]))
    others = template["spec"].setdefault(target, [])
    others.append(container)
    return template, f"/spec/{target}/{len(others) - 1}{match[3]}"


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


def test_every_policy_judges_every_kind_by_its_pod_template(sources, judge, case):
    asked, expected = [], []
    for source in sources:
        for template, paths in faults(source):
            for kind in PATHS:
                obj = workload(kind, template)
                asked.append(case([source.id], obj))
                expected.append({source.id: sorted(pod_pointer(obj) + path for path in paths)})
    assert len(asked) >= len(sources) * len(PATHS)
    assert judge(asked) == expected


def test_every_policy_looks_into_the_lists_that_it_names(sources, judge, case):
    asked, expected, probed = [], [], set()
    for source in sources:
        for template, paths in faults(source):
            for path in filter(IN_A_LIST.fullmatch, paths):
                for target in CONTAINER_LISTS:
                    changed, new_path = moved(template, path, target)
                    asked.append(case([source.id], workload(("apps", "Deployment"), changed)))
                    seen = target in source.metadata.container_lists
                    expected.append((source.id, "/spec/template" + new_path, seen))
                    probed.add(source.id)
    answers = judge(asked)
    assert [
        (id_, path, path in found[id_]) for (id_, path, _), found in zip(expected, answers, strict=True)
    ] == expected
    assert len(probed) >= 8


CONTRARY = {bool: "true", int: "five", float: "five", str: ["x"], list: {"a": 1}, dict: "x", type(None): 5}


def mutations(obj):
    """Go over every field: dropped, null, emptied, of another type. Gives pointer, change and new object."""
    stack = [((), obj)]
    while stack:
        tokens, value = stack.pop()
        members = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for key, member in members:
            stack.append(((*tokens, key), member))
            pointer = pointers.of((*tokens, key))
            empty = type(member)() if member is not None else None
            for how, new in (("null", None), ("empty", empty), ("type", CONTRARY[type(member)])):
                changed = copy.deepcopy(obj)
                parent = changed
                for token in tokens:
                    parent = parent[token]
                parent[key] = new
                yield pointer, how, changed
            changed = copy.deepcopy(obj)
            parent = changed
            for token in tokens:
                parent = parent[token]
            del parent[key]
            yield pointer, "drop", changed


def removes_the_fault(pointer, how, changed, violates):
    """Say whether nothing is left to deny: the field at fault is gone or empty, or there is no workload.

    A wrong type above the field makes a document that is not judged at all: it is reported as unread.
    """
    if pod_spec(changed) is None:
        return True
    above = [path for path in violates if path == pointer or path.startswith(pointer + "/")]
    if how == "type":
        return bool(above) and pointer not in above and shape_problem(changed) is not None
    return bool(above)


@pytest.fixture(scope="module")
def mutated(sources, judge, case, inventory_of):
    rows, asked = [], []
    for source in sources:
        for fixture in source.fixtures:
            beside = list(yaml.safe_load_all(fixture.inventory.read_text())) if fixture.inventory else []
            inventory = inventory_of(beside)
            for pointer, how, changed in mutations(yaml.safe_load(fixture.manifest)):
                rows.append((source, fixture, pointer, how, changed))
                asked.append(case([source.id], changed, inventory=inventory))
    # Asking raises nothing: builtin errors are strict, and one error would fail the whole query.
    return rows, judge(asked)


def test_no_mutation_turns_a_denial_into_an_allowance(mutated):
    rows, answers = mutated
    denied = [(row, found) for row, found in zip(rows, answers, strict=True) if row[1].denied]
    assert len(denied) > 1000
    unexplained = [
        (source.id, fixture.name, pointer, how)
        for (source, fixture, pointer, how, changed), found in denied
        if not found[source.id] and not removes_the_fault(pointer, how, changed, fixture.violates)
    ]
    assert unexplained == []


def test_oddly_typed_input_raises_nothing(sources, judge, case):
    ids = [source.id for source in sources]
    nothing = [None, 5, "x", [], {}, {"kind": "Pod"}, {"apiVersion": "v1", "kind": ["Pod"], "spec": {}}]
    assert not any(paths for found in judge([case(ids, obj) for obj in nothing]) for paths in found.values())
    spec = {
        "containers": [[]],
        "initContainers": "x",
        "volumes": [None],
        "securityContext": {"sysctls": [[]]},
    }
    (found,) = judge([case(ids, {"apiVersion": [], "kind": "Pod", "metadata": 5, "spec": spec})])
    assert {policy for policy, paths in found.items() if paths} == {"require-network-policy"}
