"""How much memory and time it takes to read a report as large as Checkov's of 593 documents: 140 MB.

``python tests/benchmarks/ingest_memory.py [MEGABYTES [FORMAT…]]`` writes reports of several formats, reads each in a process of its
own with ``jade ingest -o jsonl``, and prints the peak of its memory (``ru_maxrss``) beside that of an almost empty report.
The figures go to ``.jade/reports/ingest-memory.json`` as well.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[2]
MEGABYTES = 140
REPORT = ROOT / ".jade" / "reports" / "ingest-memory.json"

READER = """
import resource, subprocess, sys
command = [sys.argv[1], "ingest", sys.argv[2], "-o", "jsonl"]
done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.stderr.buffer.write(done.stderr)
"""
"""A process of its own, so that the peak of its children is that of one reading."""

CODE = [[number, f"          line {number} of a manifest\n"] for number in range(1, 40)]


def checkov(number: int) -> Any:
    """A record of a full report."""
    return {
        "check_id": f"CKV_K8S_{number % 40}",
        "bc_check_id": f"BC_K8S_{number % 40}",
        "check_name": "Containers should not be privileged",
        "check_result": {
            "result": "FAILED",
            "evaluated_keys": ["spec/containers/[0]/securityContext/privileged"],
        },
        "code_block": CODE,
        "file_path": f"/shop/{number % 593}.yaml",
        "file_line_range": [1, 40],
        "resource": f"Deployment.shop.cart-{number % 593}",
        "severity": None,
        "guideline": "https://docs.example/",
    }


def trivy(number: int) -> Any:
    """A misconfiguration."""
    lines = [{"Number": n, "Content": text, "Highlighted": f"\x1b[38m{text}\x1b[0m"} for n, text in CODE[:10]]
    return {
        "Type": "Kubernetes Security Check",
        "ID": f"KSV-{number % 40:04}",
        "Title": "Privileged",
        "Message": f"Container 'cart' of Deployment 'cart-{number % 593}' should set 'securityContext.privileged' to false",
        "Severity": "HIGH",
        "Status": "FAIL",
        "CauseMetadata": {
            "StartLine": number % 9000 + 1,
            "EndLine": number % 9000 + 9,
            "Code": {"Lines": lines},
        },
    }


def gator(number: int) -> Any:
    """A violation with its object."""
    return {
        "msg": "Privileged container is not allowed",
        "metadata": {"details": {}},
        "constraint": {"kind": "K8sPSPPrivilegedContainer", "metadata": {"name": "no-privileged"}},
        "violatingObject": {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": f"cart-{number % 593}", "annotations": {str(n): text for n, text in CODE}},
        },
    }


def polaris(number: int) -> Any:
    """An audited resource."""
    result = {"ID": "runAsPrivileged", "Message": "No", "Success": False, "Severity": "danger"}
    results = {f"check{n}": result | {"ID": f"check{n}"} for n in range(30)}
    return {
        "Name": f"cart-{number}",
        "Namespace": "shop",
        "Kind": "Deployment",
        "Results": results,
        "PodResult": None,
    }


def kube_linter(number: int) -> Any:
    """A report of one check."""
    kind = {"Group": "apps", "Version": "v1", "Kind": "Deployment"}
    return {
        "Diagnostic": {"Message": 'container "cart" is privileged'},
        "Check": "privileged-container",
        "Remediation": "x" * 300,
        "Object": {
            "Metadata": {"FilePath": "manifests/shop.yaml"},
            "K8sObject": {"Namespace": "shop", "Name": f"cart-{number}", "GroupVersionKind": kind},
        },
    }


def sarif(number: int) -> Any:
    """A result."""
    place = {"artifactLocation": {"uri": "shop.yaml"}, "region": {"startLine": number % 9000 + 1}}
    return {"ruleId": "R1", "message": {"text": "x" * 300}, "locations": [{"physicalLocation": place}]}


FORMATS: dict[str, tuple[str, Callable[[int], Any], str]] = {
    "checkov": ('{"check_type": "kubernetes", "results": {"failed_checks": [', checkov, "]}}"),
    "gator": ("[", gator, "]"),
    "kube-linter": ('{"Checks": [], "Reports": [', kube_linter, '], "Summary": {}}'),
    "polaris": ('{"PolarisOutputVersion": "1.0", "Results": [', polaris, "]}"),
    "sarif": (
        '{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [',
        sarif,
        "]}]}",
    ),
    "trivy": (
        '{"SchemaVersion": 2, "Results": [{"Target": "shop.yaml", "Class": "config", "Misconfigurations": [',
        trivy,
        "]}]}",
    ),
}


def pieces(name: str, size: int) -> Iterator[bytes]:
    """A report of about ``size`` bytes."""
    begin, entry, end = FORMATS[name]
    yield begin.encode()
    written = number = 0
    while not number or written < size:
        text = (b"," if number else b"") + json.dumps(entry(number)).encode()
        written, number = written + len(text), number + 1
        yield text
    yield end.encode()


def measured(file: Path) -> tuple[int, float, float, str]:
    """Exit code, peak in MB and seconds of reading a file, and the counts that it says."""
    began = time.perf_counter()
    jade = str(Path(sys.executable).parent / "jade")
    done = subprocess.run(
        [sys.executable, "-c", READER, jade, str(file)], capture_output=True, text=True, check=True
    )
    code, peak = map(int, done.stdout.split())
    return code, peak / 1024, time.perf_counter() - began, done.stderr.splitlines()[0]


def main() -> int:
    """Measure all formats."""
    size = int(sys.argv[1] if len(sys.argv) > 1 else MEGABYTES) * 1_000_000
    figures: dict[str, float] = {"megabytes": size / 1_000_000}
    sys.stdout.write(f"{'format':12} {'MB':>5} {'peak MB':>8} {'over empty':>10} {'s':>6}\n")
    with TemporaryDirectory() as folder:
        for name in sys.argv[2:] or FORMATS:
            peaks = []
            for wanted in (0, size):
                file = Path(folder, f"{name}.json")
                with file.open("wb") as stream:
                    stream.writelines(pieces(name, wanted))
                code, peak, seconds, said = measured(file)
                assert code == 0, said
                peaks.append(peak)
            written = file.stat().st_size / 1_000_000
            file.unlink()
            row = f"{name:12} {written:5.0f} {peaks[1]:8.0f} {peaks[1] - peaks[0]:10.0f} {seconds:6.1f}"
            sys.stdout.write(f"{row}  {said}\n")
            key = name.replace("-", "_")
            figures |= {
                f"{key}_peak_mb": peaks[1],
                f"{key}_over_empty_mb": peaks[1] - peaks[0],
                f"{key}_s": seconds,
            }
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
