"""Rego and CEL say the same, and gator really evaluates the one that it is asked to.

gator evaluates the CEL of a template that has both, and the Rego where native validation is turned off. Each way is
one process over copies of all suites: the sound ones, and copies in which one of the two languages was broken.
gator compiles a template again for each case: to save time a broken copy keeps one denied case, and only some are
also run the way that must not notice them.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from jade_policy.pod_templates import POD, TEMPLATE_ITSELF, TEMPLATE_PATHS

WAYS = {"CEL": [], "Rego": ["--enable-k8s-native-validation=false"]}
UNNOTICED = 6  # broken copies that are also run the other way, which must not notice
_RESULT = re.compile(r"^(ok|FAIL)\t\S*?/(\S+)/suite\.yaml\t", re.MULTILINE)


@pytest.fixture(scope="module")
def with_cel(sources):
    found = [source for source in sources if source.cel]
    if not found:
        pytest.skip("none of these policies has CEL")
    return found


def copied(source, folder: Path):
    folder.mkdir(parents=True)
    for name in ("template.yaml", "constraint.yaml", "suite.yaml"):
        shutil.copyfile(source.folder / name, folder / name)
    shutil.copytree(source.folder / "fixtures", folder / "fixtures")
    return folder


def broken(source, language, folder: Path):
    """Copy a policy and let one of its languages find nothing."""
    template = yaml.load((source.folder / "template.yaml").read_text(), yaml.CSafeLoader)
    (target,) = template["spec"]["targets"]
    by_engine = {code["engine"]: code["source"] for code in target["code"]}
    if language == "CEL":
        for validation in by_engine["K8sNativeValidation"]["validations"]:
            validation["expression"] = "true"
    else:
        code = re.sub(
            r"^violation contains", "unheard contains", by_engine["Rego"]["rego"], flags=re.MULTILINE
        )
        by_engine["Rego"]["rego"] = code + '\nviolation contains {"msg": "never"} if 1 == 2\n'
    copied(source, folder)
    (folder / "template.yaml").write_text(json.dumps(template))
    suite = yaml.load((folder / "suite.yaml").read_text(), yaml.CSafeLoader)
    for test in suite["tests"]:
        test["cases"] = [next(case for case in test["cases"] if case["name"].startswith("denied"))]
    (folder / "suite.yaml").write_text(json.dumps(suite))


def run_together(commands):
    """Run commands at the same time, by name."""

    def run(command):
        return subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)

    with ThreadPoolExecutor(len(commands)) as pool:
        return dict(zip(commands, pool.map(run, commands.values()), strict=True))


def verify(gator, folders: Mapping[str, Path]):
    """Run all ways at once; gives whether each suite holds, by way and by the suite's folder."""
    done = run_together(
        {way: [gator, "verify", *WAYS[way], f"{folder}/..."] for way, folder in folders.items()}
    )
    outputs = {way: process.stdout + process.stderr for way, process in done.items()}
    results = {}
    for way, output in outputs.items():
        results[way] = {
            folder.removeprefix(f"{folders[way]}".lstrip("/") + "/"): state == "ok"
            for state, folder in _RESULT.findall(output)
        }
    return results, outputs


@pytest.fixture(scope="module")
def verified(gator, sources, tmp_path_factory):
    ways = {way: tmp_path_factory.mktemp(way.lower()) for way in WAYS}
    other = {"CEL": "Rego", "Rego": "CEL"}
    for way, folder in ways.items():
        for source in sources:
            copied(source, folder / "sound" / source.id)
        with_cel = [source for source in sources if source.cel]
        for source in with_cel:
            broken(source, way, folder / "broken" / source.id)
        for source in with_cel[:: max(1, len(with_cel) // UNNOTICED)]:
            broken(source, other[way], folder / "other-broken" / source.id)
    return verify(gator, ways)


@pytest.mark.parametrize("way", WAYS)
def test_every_suite_holds(verified, sources, way):
    results, outputs = verified
    sound = {
        name.removeprefix("sound/"): held for name, held in results[way].items() if name.startswith("sound/")
    }
    assert sound == {source.id: True for source in sources}, "\n".join(
        line for line in outputs[way].splitlines() if not line.startswith("ok")
    )[-6000:]


@pytest.mark.parametrize("way", WAYS)
def test_a_policy_whose_language_is_broken_fails(verified, with_cel, way):
    results, _ = verified
    assert {name: held for name, held in results[way].items() if name.startswith("broken/")} == {
        f"broken/{source.id}": False for source in with_cel
    }


@pytest.mark.parametrize("way", WAYS)
def test_it_does_not_fail_where_the_other_language_is_evaluated(verified, with_cel, way):
    results, _ = verified
    other = {name: held for name, held in results[way].items() if name.startswith("other-broken/")}
    assert len(other) >= min(UNNOTICED, len(with_cel))
    assert set(other.values()) == {True}


# Nothing that a pod could do wrong is set right here, so most policies for workloads deny it, in whatever kind it is.
CARELESS = {
    "metadata": {"labels": {"app": "cart"}},
    "spec": {
        "hostNetwork": True,
        "initContainers": [{"name": "setup", "image": "busybox", "securityContext": {"privileged": True}}],
        "containers": [
            {"name": "cart", "image": "cart:latest", "ports": [{"containerPort": 80, "hostPort": 80}]}
        ],
        "ephemeralContainers": [{"name": "debug", "image": "debug", "securityContext": None}],
        "volumes": [{"name": "etc", "hostPath": {"path": "/etc"}}],
    },
}


def careless_workloads():
    """Give a workload of every kind that has pods."""
    for (group, kind), path in {POD: (), **dict.fromkeys(TEMPLATE_ITSELF, ()), **TEMPLATE_PATHS}.items():
        obj = CARELESS
        for key in reversed(path):
            obj = {key: obj}
        metadata = {"name": "cart", "namespace": "shop", **({} if path else CARELESS["metadata"])}
        yield {**obj, "apiVersion": f"{group}/v1" if group else "v1", "kind": kind, "metadata": metadata}


def test_both_languages_say_the_same_of_every_kind_and_of_real_manifests(
    gator, with_cel, real_manifests, chosen, tmp_path
):
    objects = {canonical(obj): obj for obj in (*careless_workloads(), *real_manifests)}
    (tmp_path / "objects.yaml").write_text("\n---\n".join(objects))
    command = [gator, "test", "--output=json", f"--filename={tmp_path}"]
    for source in with_cel:
        shutil.copyfile(source.folder / "template.yaml", tmp_path / f"{source.id}-template.yaml")
        shutil.copyfile(source.folder / "constraint.yaml", tmp_path / f"{source.id}-constraint.yaml")
    done = run_together({way: [*command, *options] for way, options in WAYS.items()})
    denied = {}
    for way, process in done.items():
        assert process.stdout, process.stderr
        denied[way] = {
            (violation["constraint"]["metadata"]["name"], canonical(violation["violatingObject"])): violation[
                "msg"
            ]
            for violation in json.loads(process.stdout) or []
        }
        assert {text for _, text in denied[way]} <= set(objects)
        assert not [
            msg for msg in denied[way].values() if "resulted in error" in msg or "compilation error" in msg
        ]
    differ = [
        f"{policy}: only {way} denies {objects[text]['kind']} {objects[text].get('metadata')}: {denied[way][policy, text]}"
        for way, other in (("CEL", "Rego"), ("Rego", "CEL"))
        for policy, text in sorted(denied[way].keys() - denied[other].keys())
    ]
    assert not differ, "\n".join(differ)
    assert chosen or {objects[text]["kind"] for _, text in denied["CEL"]} >= {
        kind for _, kind in TEMPLATE_PATHS
    }


def canonical(obj):
    return json.dumps(obj, sort_keys=True)
