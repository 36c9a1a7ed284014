"""YAML as a person would write it: source code in literal blocks, lists indented, keys in the order given."""

from typing import Any

import yaml
from yaml.emitter import ScalarAnalysis


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - the base's name
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the base's name
        return True

    def analyze_scalar(self, scalar: str) -> ScalarAnalysis:
        # PyYAML writes no literal block where there is a tab, by which Rego is indented; YAML allows it.
        analysis = super().analyze_scalar(scalar)
        if "\n" in scalar and not scalar.startswith((" ", "\t", "\n")):
            analysis.allow_block = True
        return analysis


def _text(dumper: yaml.SafeDumper, data: str) -> yaml.ScalarNode:
    style = "|" if "\n" in data else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Dumper.add_representer(str, _text)


def to_yaml(document: Any) -> str:
    r"""Write one document.

    >>> print(to_yaml({"code": "a\nb\n", "list": [1]}), end="")
    code: |
      a
      b
    list:
      - 1
    """
    text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=110, allow_unicode=True)
    return text
