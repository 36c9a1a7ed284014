# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_dangling_services

import data.lib.inventory
import data.lib.kubernetes as k8s

# Where the labels of the pods stand, in each kind that makes pods.
label_paths := {
	"v1": {
		"Pod": ["metadata", "labels"],
		"ReplicationController": ["spec", "template", "metadata", "labels"],
	},
	"apps/v1": {
		"DaemonSet": ["spec", "template", "metadata", "labels"],
		"Deployment": ["spec", "template", "metadata", "labels"],
		"ReplicaSet": ["spec", "template", "metadata", "labels"],
		"StatefulSet": ["spec", "template", "metadata", "labels"],
	},
	"batch/v1": {
		"CronJob": ["spec", "jobTemplate", "spec", "template", "metadata", "labels"],
		"Job": ["spec", "template", "metadata", "labels"],
	},
}

violation contains {"msg": msg, "details": {"path": "/spec/selector"}} if {
	k8s.group_kind == "Service"
	selector := k8s.resource.spec.selector

	# Endpoints of a Service without a selector are somebody else's, and an external name has none.
	not selector in {{}, null}
	object.get(k8s.resource.spec, "type", null) != "ExternalName"
	not selects_pods
	msg := sprintf("%s has no endpoints: no workload in %s has the labels of its selector", [k8s.label, k8s.place])
}

selects_pods if {
	selector := k8s.resource.spec.selector
	is_object(selector)
	some objects_by_version in inventory.places
	some api_version, kinds in label_paths
	some kind, path in kinds
	some workload in objects_by_version[api_version][kind]
	labels := object.get(workload, path, null)
	is_object(labels)
	every key, value in selector {
		labels[key] == value
	}
}
