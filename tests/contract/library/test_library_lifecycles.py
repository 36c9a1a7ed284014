"""When versions of the API end is said once in Rego and once in CEL."""

import json
import re
import subprocess
from pathlib import Path

import yaml

import jade_policy
from jade_common.tools import find

LIBRARIES = Path(jade_policy.__file__).parent / "policies_data" / "gatekeeper" / "lib"


def test_rego_and_cel_know_the_same_lifecycles():
    command = [str(find("opa").path), "eval", "--format=raw", "--data", str(LIBRARIES / "apis.rego")]
    command += ["--data", str(LIBRARIES / "kubernetes.rego"), "data.lib.apis.lifecycles"]
    rego = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=30).stdout)
    variables = yaml.safe_load((LIBRARIES / "variables.cel.yaml").read_text())["variables"]
    (cel,) = (variable["expression"] for variable in variables if variable["name"] == "lifecycle")
    table = re.match(r"\{.*\}(?=\[\?)", cel, re.DOTALL)
    assert json.loads(table[0]) == {
        version: {kind: [entry["deprecated"], entry["removed"]] for kind, entry in kinds.items()}
        for version, kinds in rego.items()
    }
