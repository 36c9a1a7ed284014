# METADATA
# title: Require a restart policy that restarts
# description: Every pod must state its `restartPolicy`, Always or OnFailure.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy
#     description: What the kubelet does with a container that ends
#   - ref: https://kubernetes.io/docs/concepts/workloads/controllers/job/#handling-pod-and-container-failures
#     description: How a Job handles failures under each restart policy
# custom:
#   id: require-restart-policy
#   kind: JadeRequireRestartPolicy
#   severity: info
#   severity_reason: What is left out has a sound default; only a bare pod with Never stays down after a crash.
#   reliability: medium
#   tags: [availability, jobs]
#   features: [restartPolicy.stated=false]
#   kinds:
#     - Pod
#     - ReplicationController
#     - apps/DaemonSet
#     - apps/Deployment
#     - apps/ReplicaSet
#     - apps/StatefulSet
#     - batch/CronJob
#     - batch/Job
#   rationale: >-
#     With Never a container that crashed stays down, and its pod with it. OnFailure or Always brings it back in its
#     place, with its volumes and without a new pod. What is left out means Always, which a Job refuses; a stated policy
#     tells a reader what was meant. A Job may want Never to keep the pods of its failed runs, hence the reliability.
#     Workloads of add-ons are not matched, since some of them (Knative) refuse the field; their pods are.
#   parameters:
#     allowed:
#       type: array
#       items: {type: string, enum: [Always, OnFailure, Never]}
#       default: [Always, OnFailure]
#       description: Restart policies that a pod may state.
#   remediation:
#     - path: "{pod_spec}/restartPolicy"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: Always for what serves (the default, so nothing changes), OnFailure for a Job that may run again in place.
package require_restart_policy

import data.lib.kubernetes as k8s

default allowed := ["Always", "OnFailure"]

allowed := input.parameters.allowed if is_array(input.parameters.allowed)

violation contains {"msg": msg, "details": {"path": path}} if {
	value := object.get(k8s.pod_spec, "restartPolicy", null)
	not value in allowed
	msg := sprintf("%s %s: state one of %v", [k8s.label, problem(value), allowed])
	path := concat("/", [k8s.pod_spec_pointer, "restartPolicy"])
}

problem(value) := "does not state its restartPolicy" if {
	value in {null, ""}
} else := sprintf("has restartPolicy %v", [value])
