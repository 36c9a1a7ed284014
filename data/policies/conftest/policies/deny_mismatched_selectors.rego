# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_mismatched_selectors

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
