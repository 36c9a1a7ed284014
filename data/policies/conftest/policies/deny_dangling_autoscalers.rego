# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_dangling_autoscalers

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
