import re

from jade_common.tools import load_specs
from jade_common.tools.specs import INFRA, parse_specs, version_key


def test_every_tool_says_what_it_is_for_and_what_to_do_without_it():
    for spec in load_specs().values():
        assert spec.what
        assert spec.env == f"JADE_{spec.name.upper().replace('-', '_')}_BIN"
        assert spec.accepts(spec.version), f"{spec.name} does not accept the version it pins"
        assert spec.group or spec.todo, f"{spec.name} is installed by nobody and says nothing about it"
        if spec.group:
            assert spec.module or spec.requirements, f"{spec.name} has no way to be installed everywhere"
        if spec.requirements:
            assert spec.requirements.is_file()


def test_versions_are_compared_by_number():
    opa = load_specs()["opa"]
    assert opa.accepts("1.100.0")
    assert opa.accepts("1.22.2-dev+abc")
    assert not opa.accepts("1.9.0")
    assert not opa.accepts("2.0.0")
    assert version_key("v0.13.9") == (0, 13, 9)


def test_a_release_is_resolved_for_each_platform():
    document = {
        "tools": {
            "thing": {
                "what": "a thing",
                "version": "1.2.3",
                "at_least": "1",
                "env": "JADE_THING_BIN",
                "release": {
                    "url": "https://example.test/v{version}/{asset}",
                    "checksums": "https://example.test/{asset}.sha256",
                    "linux-arm64": "thing_{version}_arm64",
                },
            }
        }
    }
    release = parse_specs(document, INFRA, "linux-arm64")["thing"].release
    assert release is not None
    assert release.url == "https://example.test/v1.2.3/thing_1.2.3_arm64"
    assert release.checksums == "https://example.test/thing_1.2.3_arm64.sha256"
    assert parse_specs(document, INFRA, "plan9-mips")["thing"].release is None


def test_locked_packages_agree_with_the_pins():
    for name, file in {"uv": "uv.txt", "checkov": "checkov.txt"}.items():
        text = (INFRA / "setup" / file).read_text(encoding="utf-8")
        pinned = re.search(rf"^{name}==(\S+)", text, re.MULTILINE)
        assert pinned
        assert pinned.group(1) == load_specs()[name].version
        assert "--hash=sha256:" in text
