"""A folder becomes a library; what is bad in it is named with file and line, and the rest loads."""

import json
from importlib.resources import as_file, files
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
import yaml

from jade_policy.errors import LibraryError
from jade_policy.library import MAX_FILE_BYTES, Library, load_library, own_library
from jade_policy.templates import MAX_MODULE_BYTES

REGO = 'package required\n\nviolation[{"msg": "no"}] { input.review.object.metadata.labels.x }\n'
V1 = 'package required\n\nviolation contains {"msg": "no"} if input.review.object.metadata.labels.x\n'


def template(name: str = "required", rego: str = REGO, libs: list[str] | None = None, **metadata: Any) -> str:
    head = {
        "apiVersion": "templates.gatekeeper.sh/v1",
        "kind": "ConstraintTemplate",
        "metadata": {"name": name, **metadata},
    }
    body = f"rego: |\n{indent(rego, '  ')}" + (f"\n{yaml.safe_dump({'libs': libs})}" if libs else "")
    return (
        yaml.safe_dump(head, sort_keys=False)
        + f"spec:\n  crd: {{spec: {{names: {{kind: {name.title()}}}}}}}\n  targets:\n"
        + "    - target: admission.k8s.gatekeeper.sh\n"
        + indent(body, "      ")
    )


def constraint(kind: str = "Required", name: str = "all", **spec: Any) -> str:
    return yaml.safe_dump(
        {
            "apiVersion": "constraints.gatekeeper.sh/v1beta1",
            "kind": kind,
            "metadata": {"name": name},
            "spec": spec,
        }
    )


def load(folder: Path, files: dict[str, str]) -> Library:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return load_library(folder)


def ids(library: Library) -> list[str]:
    return [policy.id for policy in library.policies]


def reasons(library: Library) -> list[tuple[str, int | None, str | None]]:
    return [(problem.path, problem.line, problem.policy_id) for problem in library.problems]


class TestTemplates:
    def test_template_and_constraints(self, tmp_path: Path) -> None:
        library = load(
            tmp_path,
            {
                "t.yaml": template(),
                "c.yaml": constraint(parameters={"a": 1}, match={"kinds": [{"kinds": ["Pod"]}]})
                + "---\n"
                + constraint(name="warned", enforcementAction="warn"),
            },
        )
        first, second = library.constraints_of("required")
        assert (first.name, first.parameters, first.match.pods_only) == ("all", {"a": 1}, True)
        assert (second.name, second.enforcement_action) == ("warned", "warn")
        assert library.policy("required").kind == "Required"
        assert library.problems == ()

    def test_a_template_without_a_constraint_applies_to_everything(self, tmp_path: Path) -> None:
        (only,) = load(tmp_path, {"t.yaml": template()}).constraints_of("required")
        assert (only.name, only.parameters, only.match.kinds) == (None, {}, ())

    def test_a_public_librarys_layout(self, tmp_path: Path) -> None:
        library = load(
            tmp_path,
            {
                "library/general/required/template.yaml": template(),
                "library/general/required/suite.yaml": "kind: Suite\napiVersion: test.gatekeeper.sh/v1alpha1",
                "library/general/required/samples/a/constraint.yaml": constraint(),
                "library/general/required/samples/a/example_allowed.yaml": "apiVersion: v1\nkind: Pod",
                "artifacthub/library/general/required/1.0.0/template.yaml": template(rego=REGO + "# old"),
                "src/general/required/src.rego": REGO,
                "src/general/required/src_test.rego": "this is not Rego",
                "src/general/required/lib_x.rego": "package lib.x\nf(x) { x }",
            },
        )
        assert ids(library) == ["required"]
        assert library.policy("required").module.path == "library/general/required/template.yaml"
        assert [c.name for c in library.constraints] == ["all"]
        assert [problem.path for problem in library.problems] == [
            "artifacthub/library/general/required/1.0.0/template.yaml"
        ]

    def test_our_own_id_and_the_metadata_of_the_source(self, tmp_path: Path) -> None:
        metadata = "# METADATA\n# title: Title\n# custom:\n#   severity: High\n#   inventory: [v1/Service]\n"
        library = load(
            tmp_path,
            {
                "template.yaml": template(annotations={"jade.dev/policy-id": "deny-it"}),
                "policy.rego": metadata + REGO,
            },
        )
        policy = library.policy("deny-it")
        assert (policy.title, policy.severity, policy.inventory) == ("Title", "high", ("v1/Service",))

    def test_versions_and_libs(self, tmp_path: Path) -> None:
        doc = yaml.safe_load(template())
        source = {"version": "v1", "rego": V1, "libs": ["package lib.x\n\nf(x) := x"]}
        doc["spec"]["targets"] = [
            {
                "target": "admission.k8s.gatekeeper.sh",
                "code": [{"engine": "K8sNativeValidation"}, {"engine": "Rego", "source": source}],
            }
        ]
        library = load(tmp_path, {"t.yaml": yaml.safe_dump(doc), "v0.yaml": template("old", REGO)})
        policy = library.policy("required")
        assert (policy.module.version, policy.libs[0].version, policy.libs[0].package) == (1, 1, ("lib", "x"))
        assert library.policy("old").module.version == 0

    def test_the_line_of_the_module_is_the_files(self, tmp_path: Path) -> None:
        text = template()
        library = load(tmp_path, {"t.yaml": "\n\n" + text})
        line = library.policy("required").module.line
        assert ("\n\n" + text).splitlines()[line - 1].strip() == "package required"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (template(rego="package a\n\nx := `open"), 12, "a string does not end"),
        (template(rego="package a\nallow { true }"), 9, "no rule is named violation"),
        (
            template(rego='package a\nimport data.other\nviolation[{"msg": "x"}] { other }'),
            11,
            "reads data.other",
        ),
        (template(rego='package a\nviolation[{"msg": "x"}] { data[y] }'), 11, "reads data as a whole"),
        (template(rego='package a\nviolation[{"msg": "x"}] { data.lib.x }'), 11, "reads data.lib.x"),
        (template().replace("kind: Required", "plural: x"), 6, "names.kind is missing"),
        (template().split("  targets:")[0], 5, "spec.targets holds no Rego"),
        (template() + "---\nkind: ]\n", 14, "not valid YAML"),
    ],
)
def test_a_bad_template_is_skipped_and_named(tmp_path: Path, text: str, line: int, words: str) -> None:
    library = load(tmp_path, {"good.yaml": template("good", V1), "bad.yaml": text})
    assert "good" in ids(library)
    (problem, *_) = library.problems
    assert problem.path == "bad.yaml"
    assert words in problem.reason
    assert str(problem).startswith(f"bad.yaml:{line}: ")


def test_bad_constraints_are_named(tmp_path: Path) -> None:
    library = load(
        tmp_path,
        {
            "t.yaml": template(),
            "a.yaml": constraint("Other"),
            "b.yaml": constraint(match={"kinds": "Pod"}),
            "c.yaml": constraint(parameters=[1]),
            "d.yaml": constraint(name="twice", parameters={"a": 1}),
            "e.yaml": constraint(name="twice", parameters={"a": 2}),
            "f.yaml": constraint(name="twice", parameters={"a": 1}),
        },
    )
    assert [c.name for c in library.constraints] == ["twice"]
    assert [problem.path for problem in library.problems] == ["a.yaml", "b.yaml", "c.yaml", "e.yaml"]
    assert "no template of kind Other" in library.problems[0].reason
    assert "spec.match.kinds" in library.problems[1].reason
    assert "d.yaml:1 already" in library.problems[3].reason


class TestRegoFiles:
    def test_ids(self, tmp_path: Path) -> None:
        deny = 'deny contains "x" if input.kind\n'
        library = load(
            tmp_path,
            {
                "a.rego": f"package main\n{deny}",
                "b/c.rego": f"package main\n{deny}",
                "d.rego": f"package rules.unique\n{deny}",
                "e.rego": f"# METADATA\n# custom:\n#   id: MINE-1\npackage x.main\n{deny}",
                "f.rego": f"# METADATA\n# custom:\n#   id: MINE-1\npackage y\n{deny}",
                "helper.rego": "package helper\nf(x) := x",
                "a_test.rego": "package main_test\ntest_x if true",
            },
        )
        assert ids(library) == ["MINE-1", "a.rego", "b/c.rego", "unique"]
        assert reasons(library) == [("f.rego", 1, "MINE-1")]

    @pytest.mark.parametrize(
        ("rule", "shape"),
        [
            ('deny contains "x" if input.kind == "Pod"', "object"),
            ('deny contains "x" if input.review.object.kind == "Pod"', "review"),
            ('deny contains "x" if { input.kind; input.parameters.x }', "review"),
            ('deny contains "x" if true', "review"),
            ('import data.helper\ndeny contains "x" if helper.pod', "object"),
        ],
    )
    def test_the_shape_of_the_input(self, tmp_path: Path, rule: str, shape: str) -> None:
        helper = 'package helper\npod if input.kind == "Pod"'
        library = load(tmp_path, {"a.rego": f"package a\n{rule}", "helper.rego": helper})
        assert library.policy("a").shape == shape

    def test_only_the_libraries_that_are_needed_come_along(self, tmp_path: Path) -> None:
        library = load(
            tmp_path,
            {
                "a.rego": 'package a\nimport data.one\ndeny contains "x" if one.f(input.x)',
                "one.rego": "package one\nimport data.two.deep\nf(x) := deep.g(x)",
                "two.rego": "package two.deep\ng(x) := x",
                "three.rego": "package three\nh(x) := x",
            },
        )
        assert [lib.path for lib in library.policy("a").libs] == ["one.rego", "two.rego"]

    def test_what_cannot_be_read_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "latin.rego").write_bytes(b"package a\n# \xff")
        library = load(
            tmp_path,
            {
                "big.rego": "package a\n#" + "x" * MAX_MODULE_BYTES,
                "none.rego": "x := 1",
                "needs.rego": 'package n\n\ndeny contains "x" if data.settings.x',
                "ok.rego": 'package ok\ndeny contains "x" if true',
            },
        )
        assert ids(library) == ["ok"]
        assert reasons(library) == [
            ("big.rego", None, None),
            ("latin.rego", None, None),
            ("needs.rego", 3, "n"),
            ("none.rego", 1, None),
        ]


def test_one_file_is_a_library_too(tmp_path: Path) -> None:
    load(tmp_path, {"t.yaml": template() + "---\n" + constraint()})
    assert ids(load_library(tmp_path / "t.yaml")) == ["required"]


def test_a_path_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="does not exist"):
        load_library(tmp_path / "nowhere")


def test_links_out_of_the_library_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.rego"
    outside.write_text('package out\ndeny contains "x" if true')
    inside = tmp_path / "library"
    inside.mkdir()
    (inside / "link.rego").symlink_to(outside)
    assert load_library(inside).policies == ()


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "huge.yaml").write_bytes(b"# templates.gatekeeper.sh\n" + b"#" * MAX_FILE_BYTES)
    library = load_library(tmp_path)
    assert [problem.path for problem in library.problems] == ["huge.yaml"]


class TestDigest:
    def test_is_the_contents_not_the_place(self, tmp_path: Path) -> None:
        files = {"t.yaml": template(), "c.yaml": constraint(parameters={"b": 1, "a": 2})}
        moved = {"x/t.yaml": "# moved\n" + template(), "x/c.yaml": constraint(parameters={"a": 2, "b": 1})}
        assert load(tmp_path / "1", files).digest == load(tmp_path / "2", moved).digest

    @pytest.mark.parametrize(
        "change",
        [
            {"t.yaml": template(rego=REGO + "# changed")},
            {"c.yaml": constraint(parameters={"a": 2})},
            {"c.yaml": constraint(match={"namespaces": ["x"]})},
            {"t2.yaml": template("second", V1)},
        ],
    )
    def test_changes_with_what_a_verdict_depends_on(self, tmp_path: Path, change: dict[str, str]) -> None:
        files = {"t.yaml": template(), "c.yaml": constraint()}
        assert load(tmp_path / "1", files).digest != load(tmp_path / "2", files | change).digest


def test_our_own_library_is_complete() -> None:
    library = own_library()
    assert library.problems == ()
    policy = library.policy("deny-privileged-pods")
    assert (policy.severity, policy.reliability) == ("critical", "high")
    assert "securityContext.privileged=true" in policy.features
    assert policy.remediation
    assert policy.remediation[0].path
    assert library.policy("require-network-policy").inventory
    assert all(library.constraints_of(policy.id)[0].name for policy in library.policies)


def test_templates_may_be_json(tmp_path: Path) -> None:
    library = load(tmp_path, {"t.json": json.dumps(yaml.safe_load(template()))})
    assert ids(library) == ["required"]


def test_our_own_library_is_what_its_templates_and_constraints_say():
    own = own_library()
    with as_file(files("jade_policy") / "policies_data") as root:
        templates = load_library(root / "gatekeeper")
    assert [
        (c.policy_id, c.name, c.match, dict(c.parameters), c.enforcement_action) for c in own.constraints
    ] == [
        (c.policy_id, c.name, c.match, dict(c.parameters), c.enforcement_action)
        for c in templates.constraints
    ]
    for mine, theirs in zip(own.policies, templates.policies, strict=True):
        assert (mine.id, mine.kind, mine.module.package) == (theirs.id, theirs.kind, theirs.module.package)
        assert mine.module.text.endswith(theirs.module.text.strip() + "\n")  # less its METADATA
        assert {lib.text.strip() for lib in mine.libs} == {lib.text.strip() for lib in theirs.libs}
        for field in (
            "title",
            "description",
            "severity",
            "tags",
            "features",
            "reliability",
            "inventory",
            "entries",
        ):
            assert getattr(mine, field) == getattr(theirs, field)
    assert own.problems == ()
