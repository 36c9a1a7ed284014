# Generated from data/policies/gatekeeper; change that and run `make policies`.
# METADATA
# title: Replicas of workloads
# description: How many pods the reviewed workload asks for with `spec.replicas`.
# scope: package
package lib.replicas

import data.lib.kubernetes as k8s

# Kinds that run as many pods as `spec.replicas` says, and one where it says nothing.
kinds := {
	"ReplicationController",
	"apps.kruise.io/CloneSet",
	"apps.kruise.io/StatefulSet",
	"apps.openshift.io/DeploymentConfig",
	"apps/Deployment",
	"apps/ReplicaSet",
	"apps/StatefulSet",
	"argoproj.io/Rollout",
	"extensions/Deployment",
	"extensions/ReplicaSet",
}

# What `spec.replicas` holds, null where it is not set; undefined for other kinds, and for what a controller manages.
stated := object.get(k8s.resource, ["spec", "replicas"], null) if {
	k8s.group_kind in kinds
	not managed
}

# How many pods that is. What is no number counts as many, so that it excuses nothing.
wanted := 1 if stated == null

wanted := stated if is_number(stated)

wanted := 2147483647 if {
	stated != null
	not is_number(stated)
}

# A Deployment scales its ReplicaSets one by one while it rolls out; it is judged, and they are not.
managed if {
	k8s.kind in {"ReplicaSet", "ReplicationController"}
	some owner in k8s.metadata.ownerReferences
	owner.controller == true
}
