# METADATA
# title: Deny autoscalers without a target
# description: The workload that a HorizontalPodAutoscaler scales must exist in its namespace.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
#     description: Horizontal Pod Autoscaling
#   - ref: https://open-policy-agent.github.io/gatekeeper/website/docs/sync/
#     description: How Gatekeeper replicates data, which this policy needs
# custom:
#   id: deny-dangling-autoscalers
#   kind: JadeDenyDanglingAutoscalers
#   severity: low
#   severity_reason: Nothing breaks at once; the workload that should have been scaled is slow when the load comes.
#   reliability: medium
#   tags: [availability, autoscaling, referential]
#   features: [hpa.target_present=false]
#   kinds: [autoscaling/HorizontalPodAutoscaler]
#   inventory: [apps/v1/Deployment, apps/v1/ReplicaSet, apps/v1/StatefulSet, v1/ReplicationController]
#   rationale: >-
#     An autoscaler whose target was renamed or removed is accepted, and does nothing but log errors. It is mostly a typo
#     or what a removal left behind. Targets of other kinds (an Argo Rollout, say) are not seen and never denied; a
#     target that is applied after its autoscaler is missing for that moment, hence the reliability.
#   remediation:
#     - path: "{resource}/spec/scaleTargetRef"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: Which workload is meant is known to the owner; an autoscaler that was left behind is deleted instead.
package deny_dangling_autoscalers

import data.lib.inventory
import data.lib.kubernetes as k8s

# Where the kinds that can be seen are found, and the groups by which a reference may name them.
seen := {
	"Deployment": {"version": "apps/v1", "groups": {"apps", "extensions"}},
	"ReplicaSet": {"version": "apps/v1", "groups": {"apps", "extensions"}},
	"ReplicationController": {"version": "v1", "groups": {"v1"}},
	"StatefulSet": {"version": "apps/v1", "groups": {"apps"}},
}

target := object.get(k8s.resource, ["spec", "scaleTargetRef"], null) if {
	k8s.group_kind == "autoscaling/HorizontalPodAutoscaler"
}

violation contains {"msg": msg, "details": {"path": "/spec/scaleTargetRef"}} if {
	_ = target
	not named
	msg := sprintf("%s scales nothing: spec.scaleTargetRef names no kind", [k8s.label])
}

violation contains {"msg": msg, "details": {"path": "/spec/scaleTargetRef"}} if {
	named
	kind := seen[target.kind]
	of_group(kind.groups)
	not exists(kind.version)
	msg := sprintf(
		"%s scales nothing: there is no %s %v in %s",
		[k8s.label, target.kind, object.get(target, "name", ""), k8s.place],
	)
}

named if {
	is_string(target.kind)
	target.kind != ""
}

# Without an apiVersion the kind alone says which is meant.
of_group(_) if {
	version := object.get(target, "apiVersion", "")
	not says_a_group(version)
}

of_group(groups) if {
	says_a_group(target.apiVersion)
	split(target.apiVersion, "/")[0] in groups
}

says_a_group(version) if {
	is_string(version)
	version != ""
}

exists(version) if {
	some object in inventory.objects(version, target.kind)
	object.metadata.name == target.name
}
