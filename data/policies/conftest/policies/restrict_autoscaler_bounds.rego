# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.restrict_autoscaler_bounds

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
