"""Where each workload kind keeps the template of its pods."""

from typing import Any

POD = ("", "Pod")

# (API group, kind) -> keys that lead to the PodTemplateSpec. Custom resources stand here only where their Go
# type has a pod template at exactly that place and in only that one.
TEMPLATE_PATHS: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "PodTemplate"): ("template",),
    ("", "ReplicationController"): ("spec", "template"),
    ("apps", "DaemonSet"): ("spec", "template"),
    ("apps", "Deployment"): ("spec", "template"),
    ("apps", "ReplicaSet"): ("spec", "template"),
    ("apps", "StatefulSet"): ("spec", "template"),
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
    ("batch", "Job"): ("spec", "template"),
    ("extensions", "DaemonSet"): (
        "spec",
        "template",
    ),  # removed in 1.16, still found in repositories
    ("extensions", "Deployment"): ("spec", "template"),
    ("extensions", "ReplicaSet"): ("spec", "template"),
    ("agones.dev", "Fleet"): ("spec", "template", "spec", "template"),
    ("agones.dev", "GameServer"): ("spec", "template"),
    ("apps.kruise.io", "BroadcastJob"): ("spec", "template"),
    ("apps.kruise.io", "CloneSet"): ("spec", "template"),
    ("apps.kruise.io", "DaemonSet"): ("spec", "template"),
    ("apps.kruise.io", "StatefulSet"): ("spec", "template"),
    ("apps.openshift.io", "DeploymentConfig"): ("spec", "template"),
    ("argoproj.io", "Rollout"): ("spec", "template"),
    ("keda.sh", "ScaledJob"): ("spec", "jobTargetRef", "template"),
    ("serving.knative.dev", "Configuration"): ("spec", "template"),
    ("serving.knative.dev", "Service"): ("spec", "template"),
}
# A Knative Revision is a template that was written out: its own metadata and spec are those of the pod.
TEMPLATE_ITSELF = {("serving.knative.dev", "Revision")}


def group_kind(obj: dict[str, Any]) -> tuple[str, str]:
    """Give API group ("" for core) and kind; ("", "") where they are not text."""
    api_version, kind = obj.get("apiVersion"), obj.get("kind")
    if not isinstance(api_version, str) or not isinstance(kind, str):
        return "", ""
    return api_version.rpartition("/")[0], kind


def template_path(obj: dict[str, Any]) -> tuple[str, ...] | None:
    """Give the keys to the pod template: () where the object itself is one, None where there is none."""
    key = group_kind(obj)
    if key == POD or key in TEMPLATE_ITSELF:
        return ()
    return TEMPLATE_PATHS.get(key)
