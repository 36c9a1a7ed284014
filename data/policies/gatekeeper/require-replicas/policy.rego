# METADATA
# title: Require replicas
# description: A workload must run at least two replicas, and no more than an upper bound where one is set.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#scaling-a-deployment
#     description: Scaling a Deployment
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
#     description: Disruptions, and how to run through them
# custom:
#   id: require-replicas
#   kind: JadeRequireReplicas
#   severity: medium
#   severity_reason: The service is away whenever its one pod is moved, for seconds to minutes; no data is lost by it.
#   reliability: medium
#   tags: [availability, replicas]
#   features: [replicas=1]
#   kinds:
#     - ReplicationController
#     - apps.kruise.io/CloneSet
#     - apps.kruise.io/StatefulSet
#     - apps.openshift.io/DeploymentConfig
#     - apps/Deployment
#     - apps/ReplicaSet
#     - apps/StatefulSet
#     - argoproj.io/Rollout
#     - extensions/Deployment
#     - extensions/ReplicaSet
#   rationale: >-
#     Nodes are drained, updated and lost. While the only pod of a workload is moved to another node, nobody answers. A
#     second replica is the least that survives one node. An upper bound catches the slip that asks for a thousand pods.
#     Where an autoscaler sets the number, the manifest leaves it open: `allowUnset` lets that pass. A ReplicaSet that a
#     Deployment manages is not judged.
#   parameters:
#     minimum:
#       type: integer
#       minimum: 0
#       default: 2
#       description: The fewest replicas that a workload may ask for.
#     maximum:
#       type: integer
#       minimum: 0
#       default: 0
#       description: The most replicas that a workload may ask for; 0 sets no bound.
#     allowUnset:
#       type: boolean
#       default: false
#       description: Whether to pass a workload that leaves the number open, for an autoscaler to set.
#   remediation:
#     - path: "{resource}/spec/replicas"
#       operation: set
#       parameter: minimum
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         Only the owner knows whether two of its pods may run at once; one that holds a lock or a volume for itself
#         must learn to share first.
package require_replicas

import data.lib.kubernetes as k8s
import data.lib.replicas

default minimum := 2

minimum := input.parameters.minimum if is_number(input.parameters.minimum)

default maximum := 0

maximum := input.parameters.maximum if is_number(input.parameters.maximum)

default allow_unset := false

allow_unset := input.parameters.allowUnset if is_boolean(input.parameters.allowUnset)

violation contains {"msg": msg, "details": {"path": "/spec/replicas"}} if {
	replicas.wanted < minimum
	not left_open
	msg := sprintf(
		"%s asks for %s, fewer than the %v that keep it up while a node is drained",
		[k8s.label, asked, minimum],
	)
}

violation contains {"msg": msg, "details": {"path": "/spec/replicas"}} if {
	maximum > 0
	is_number(replicas.stated)
	replicas.stated > maximum
	msg := sprintf("%s asks for %s, more than %v", [k8s.label, asked, maximum])
}

violation contains {"msg": msg, "details": {"path": "/spec/replicas"}} if {
	value := replicas.stated
	value != null
	not is_number(value)
	msg := sprintf("%s asks for replicas with what is no number: spec.replicas is %v", [k8s.label, value])
}

left_open if {
	allow_unset
	replicas.stated == null
}

asked := "1 replica (spec.replicas is not set)" if replicas.stated == null

asked := "1 replica" if replicas.stated == 1

asked := sprintf("%v replicas", [replicas.stated]) if {
	is_number(replicas.stated)
	replicas.stated != 1
}
