# METADATA
# title: Deny dangling Services
# description: The selector of a Service must select the pods of a workload in its namespace.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/
#     description: Debug Services
# custom:
#   id: deny-dangling-services
#   kind: JadeDenyDanglingServices
#   severity: medium
#   severity_reason: Whoever calls the Service gets no answer, or later that of whoever takes the labels.
#   reliability: medium
#   tags: [service, network, availability, referential]
#   features: [service.selects_pods=false]
#   kinds: [Service]
#   inventory:
#     - v1/Pod
#     - v1/ReplicationController
#     - apps/v1/DaemonSet
#     - apps/v1/Deployment
#     - apps/v1/ReplicaSet
#     - apps/v1/StatefulSet
#     - batch/v1/CronJob
#     - batch/v1/Job
#   without_cel: A ValidatingAdmissionPolicy sees nothing but the object that is applied.
#   rationale: >-
#     A Service that selects no pod has no endpoints: its name resolves, and every connection fails. Mostly a label was
#     changed or misspelt, or the workload went and its Service stayed. Such a leftover is also a place to step into:
#     whoever may create a pod with those labels is sent the traffic. Pods of operators' own resources are seen only
#     once they run, and a Service may be applied before its workload, hence the reliability.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: Which workload is meant is known only to its owner; where there is none any more, the Service should go.
package deny_dangling_services

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
