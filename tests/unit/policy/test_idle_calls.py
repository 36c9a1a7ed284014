"""Calls that an empty list makes idle are not made, and no others are left out."""

import pytest

from jade_policy.library import own_library
from jade_policy.opa.bundle import build_bundle
from jade_policy.opa.idle_calls import seeking_functions, without_idle_calls
from jade_policy.policies import RegoModule

IMAGES = """package lib.images

exempt(container, patterns) if {
	some pattern in patterns
	matched(pattern, container.spec.image)
}

named(name, patterns) if name in patterns

named(name, patterns) if {
	is_string(name)
	exempt(name, patterns)
}

all_exempt(containers, patterns) if {
	count(patterns) > 0
	every container in containers {
		exempt(container, patterns)
	}
}

nobody(container, patterns) if {
	every pattern in patterns {
		container != pattern
	}
}

anybody(container, patterns) if container.name == "any"

anybody(container, patterns) if container in patterns

otherwise(container, patterns) if {
	container in patterns
} else := false
"""
MODULE = """package p

import data.lib.images
import data.other

default exempt_images := []

exempt_images := []

violation contains container if {
	some container in input.containers
	not images.exempt(container, exempt_images)
	container.privileged
}
"""
CALL = "\tnot images.exempt(container, exempt_images)"
LIBRARY = RegoModule(
    path="images.rego", line=1, text=IMAGES, version=1, version_stated=True, package=("lib", "images")
)


def test_functions_that_look_for_something_in_their_last_argument() -> None:
    assert seeking_functions(IMAGES) == {"exempt", "named", "all_exempt"}


def test_a_call_that_finds_nothing_is_not_made() -> None:
    assert without_idle_calls(MODULE, [LIBRARY]) == MODULE.replace(CALL, "")
    assert without_idle_calls(
        MODULE.replace("lib.images", "lib.images as i").replace("not images", "not i"), [LIBRARY]
    ) == (MODULE.replace("lib.images", "lib.images as i").replace(CALL, ""))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("exempt_images := []\n\nv", 'exempt_images := ["a"]\n\nv'),
        ("exempt_images := []\n\nv", "exempt_images := []\n\nexempt_images := input.a if input.b\n\nv"),
        ("images.exempt", "images.nobody"),
        ("images.exempt", "images.anybody"),
        ("images.exempt", "images.otherwise"),
        ("images.exempt", "images.unknown"),
        ("images.exempt", "other.exempt"),
        ("(container, ", "(container.spec, "),
        ("(container, ", "(other, "),
        ("(container, ", "(input, "),
        ("violation contains", "container := input.a\n\nviolation contains"),
        ("\tnot", "\tsome exempt_images in input.a\n\tnot"),
        ("\tnot", "\texempt_images := input.a\n\tnot"),
        ("violation contains", "f(exempt_images) if true\n\nviolation contains"),
        ("\tnot images", "\timages"),
        ("images)\n", "images) with input as 1\n"),
        ("\tcontainer.privileged\n", ""),
        ("import data.lib.images", "import data.images"),
    ],
)
def test_what_is_not_certain_stays(before: str, after: str) -> None:
    module = MODULE.replace(before, after)
    assert module != MODULE
    assert without_idle_calls(module, [LIBRARY]) == module


def test_our_policies_make_no_call_for_an_empty_list() -> None:
    bundle = build_bundle(own_library())
    texts = [text.decode() for name, text in bundle.files.items() if name.startswith("u")]
    assert sum("\nexempt_images := []" in text for text in texts) >= 35
    assert not [text for text in texts if CALL in text and "\nexempt_images := []" in text]
