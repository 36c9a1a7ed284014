"""OpenReports `openreports.io/v1alpha1`: what Kubernetes dashboards of policy results read. See `policyreport`.

Source: github.com/openreports/reports-api, CRDs of v0.2.1.
"""

from jade_cli.outputs.policyreport import Api, render_as
from jade_cli.scan.report import Report
from jade_cli.terminal import Paint

API = Api("openreports.io/v1alpha1", "Report", "ClusterReport", top={"source": "jade"})


def render(report: Report, paint: Paint) -> str:  # noqa: ARG001  # colours are for people
    """The report as a stream of YAML documents, ready for `kubectl apply`."""
    return render_as(API, report)
