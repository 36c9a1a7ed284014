# METADATA
# title: Restrict the bounds of autoscalers
# description: >-
#   A HorizontalPodAutoscaler must keep at least two replicas, have room to scale, and stay below an upper bound where
#   one is set.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
#     description: Horizontal Pod Autoscaling
# custom:
#   id: restrict-autoscaler-bounds
#   kind: JadeRestrictAutoscalerBounds
#   severity: medium
#   severity_reason: In a quiet hour one pod is left, and its node takes the service down; no data is lost by it.
#   reliability: high
#   tags: [availability, autoscaling]
#   features: [hpa.minReplicas=1]
#   kinds: [autoscaling/HorizontalPodAutoscaler]
#   rationale: >-
#     `minReplicas` is one where it is not set, so the autoscaler undoes what the Deployment asks for and leaves a single
#     pod as soon as the load falls. Where `maxReplicas` is no higher than the minimum, nothing is ever scaled. An upper
#     bound, where the platform sets one, keeps a runaway metric from filling the cluster.
#   parameters:
#     minimum:
#       type: integer
#       minimum: 0
#       default: 2
#       description: The fewest replicas that `minReplicas` may allow.
#     maximum:
#       type: integer
#       minimum: 0
#       default: 0
#       description: The most replicas that `maxReplicas` may allow; 0 sets no bound.
#   remediation:
#     - path: "{resource}/spec/minReplicas"
#       operation: set
#       parameter: minimum
#       behaviour_changing: true
#       needs_human: false
#       note: At rest it costs the resources of one pod more.
#     - path: "{resource}/spec/maxReplicas"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: How far the workload may grow is a matter of its load and of what the cluster can bear.
package restrict_autoscaler_bounds

import data.lib.kubernetes as k8s

default minimum := 2

minimum := input.parameters.minimum if is_number(input.parameters.minimum)

default maximum := 0

maximum := input.parameters.maximum if is_number(input.parameters.maximum)

lowest := object.get(k8s.resource, ["spec", "minReplicas"], null) if k8s.group_kind == "autoscaling/HorizontalPodAutoscaler"

highest := object.get(k8s.resource, ["spec", "maxReplicas"], null) if k8s.group_kind == "autoscaling/HorizontalPodAutoscaler"

# Kubernetes takes one where nothing is set.
floor := 1 if lowest == null

floor := lowest if is_number(lowest)

violation contains {"msg": msg, "details": {"path": "/spec/minReplicas"}} if {
	floor < minimum
	msg := sprintf("%s may scale down to %v, below the minimum of %v", [k8s.label, floor, minimum])
}

violation contains {"msg": msg, "details": {"path": "/spec/minReplicas"}} if {
	lowest != null
	not is_number(lowest)
	msg := sprintf("%s has no number for its fewest replicas: spec.minReplicas is %v", [k8s.label, lowest])
}

violation contains {"msg": msg, "details": {"path": "/spec/maxReplicas"}} if {
	is_number(highest)
	highest <= floor
	msg := sprintf("%s scales nothing: its most is %v replicas and its least %v", [k8s.label, highest, floor])
}

violation contains {"msg": msg, "details": {"path": "/spec/maxReplicas"}} if {
	maximum > 0
	is_number(highest)
	highest > maximum
	msg := sprintf("%s may scale up to %v, above the maximum of %v", [k8s.label, highest, maximum])
}

violation contains {"msg": msg, "details": {"path": "/spec/maxReplicas"}} if {
	highest != null
	not is_number(highest)
	msg := sprintf("%s has no number for its most replicas: spec.maxReplicas is %v", [k8s.label, highest])
}
