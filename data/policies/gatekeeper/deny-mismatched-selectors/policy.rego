# METADATA
# title: Deny selectors that miss their own pods
# description: The selector of a workload must select the pods of its template.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector
#     description: The selector of a Deployment
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
#     description: Labels and Selectors
# custom:
#   id: deny-mismatched-selectors
#   kind: JadeDenyMismatchedSelectors
#   severity: medium
#   severity_reason: The API server refuses such a workload, so a release fails; what runs already stays as it is.
#   reliability: high
#   tags: [availability, labels]
#   features: [selector.matchesTemplate=false]
#   kinds:
#     - ReplicationController
#     - apps.kruise.io/CloneSet
#     - apps.kruise.io/DaemonSet
#     - apps.kruise.io/StatefulSet
#     - apps.openshift.io/DeploymentConfig
#     - apps/DaemonSet
#     - apps/Deployment
#     - apps/ReplicaSet
#     - apps/StatefulSet
#     - argoproj.io/Rollout
#     - batch/Job
#     - extensions/DaemonSet
#     - extensions/Deployment
#     - extensions/ReplicaSet
#   rationale: >-
#     A workload counts the pods that its selector selects. Where those are not its own, it would start pods for ever, so
#     the API server refuses it, but only when it is applied; custom controllers may not refuse it at all. The fault is
#     cheaper to find before. Where Kubernetes fills in a selector by itself (Jobs, ReplicationControllers, the APIs
#     before apps/v1beta2), none need be set.
#   remediation:
#     - path: "{resource}/spec/selector"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         Where there is none, `matchLabels` with those labels of the template that never change. The selector of what
#         runs already cannot be changed.
#     - path: "{pod_template}/metadata/labels"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: The labels that the selector asks for; which side has the typo is known to the owner.
package deny_mismatched_selectors

import data.lib.kubernetes as k8s
import data.lib.selectors

# Kinds whose selector is a label selector, and those where it is a plain map of labels.
label_selectors := {
	"apps.kruise.io/CloneSet",
	"apps.kruise.io/DaemonSet",
	"apps.kruise.io/StatefulSet",
	"apps/DaemonSet",
	"apps/Deployment",
	"apps/ReplicaSet",
	"apps/StatefulSet",
	"argoproj.io/Rollout",
	"batch/Job",
	"extensions/DaemonSet",
	"extensions/Deployment",
	"extensions/ReplicaSet",
}

label_maps := {"ReplicationController", "apps.openshift.io/DeploymentConfig"}

# A Rollout may take its pods from a Deployment, and has no template of its own then.
stated := object.get(k8s.resource, ["spec", "selector"], null) if k8s.pod_spec

selector := stated if k8s.group_kind in label_selectors

selector := {"matchLabels": stated} if k8s.group_kind in label_maps

empty if selector == null

empty if {
	is_object(selector)
	object.get(selector, "matchLabels", null) in {null, {}}
	object.get(selector, "matchExpressions", null) in {null, []}
}

# Kubernetes fills in what is left out.
filled_in if k8s.group_kind in label_maps

filled_in if k8s.group_kind == "batch/Job"

filled_in if k8s.resource.apiVersion in {"apps/v1beta1", "extensions/v1beta1"}

violation contains {"msg": msg, "details": {"path": "/spec/selector"}} if {
	empty
	not filled_in
	msg := sprintf("%s has no selector for the pods of its template", [k8s.label])
}

violation contains {"msg": msg, "details": {"path": "/spec/selector"}} if {
	_ = selector
	not empty
	not selectors.selects(selector, k8s.pod_labels)
	msg := sprintf("%s does not select the pods of its template: spec.selector does not fit their labels", [k8s.label])
}
