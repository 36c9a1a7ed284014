package deny_dangling_autoscalers_test

import data.deny_dangling_autoscalers
import data.lib.testing

autoscaler_in(metadata, target) := {"review": {"object": {
	"apiVersion": "autoscaling/v2",
	"kind": "HorizontalPodAutoscaler",
	"metadata": metadata,
	"spec": {"scaleTargetRef": target},
}}}

autoscaler(target) := autoscaler_in({"name": "cart", "namespace": "shop"}, target)

held(version, kind, names) := {version: {kind: {name: {"metadata": {"name": name}} | some name in names}}}

in_shop(version, kind, names) := {"namespace": {"shop": held(version, kind, names)}}

found(asked, inventory) := violations if {
	violations := deny_dangling_autoscalers.violation with input as asked with data.inventory as inventory
}

cart := {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cart"}

test_denied_without_its_target if {
	violations := found(autoscaler(cart), in_shop("apps/v1", "Deployment", ["orders"]))
	testing.paths(violations) == {"/spec/scaleTargetRef"}
	testing.messages(violations) == {`HorizontalPodAutoscaler "shop/cart" scales nothing: there is no Deployment cart in namespace "shop"`}
}

test_a_target_elsewhere_is_none if {
	every inventory in [
		{},
		{"namespace": {"web": held("apps/v1", "Deployment", ["cart"])}},
		{"cluster": held("apps/v1", "Deployment", ["cart"])},
		in_shop("apps/v1", "StatefulSet", ["cart"]),
		in_shop("example.com/v1", "Deployment", ["cart"]),
	] {
		count(found(autoscaler(cart), inventory)) == 1
	}
}

test_allowed if {
	every version in ["apps/v1", "apps/v1beta1", "extensions/v1beta1", "", null, 5] {
		target := object.union(cart, {"apiVersion": version})
		count(found(autoscaler(target), in_shop("apps/v1", "Deployment", ["orders", "cart"]))) == 0
	}
	count(found(autoscaler({"kind": "Deployment", "name": "cart"}), in_shop("apps/v1", "Deployment", ["cart"]))) == 0
}

test_every_kind_that_is_seen if {
	every row in [
		["apps/v1", "apps/v1", "ReplicaSet"],
		["extensions/v1beta1", "apps/v1", "ReplicaSet"],
		["apps/v1", "apps/v1", "StatefulSet"],
		["v1", "v1", "ReplicationController"],
	] {
		target := {"apiVersion": row[0], "kind": row[2], "name": "cart"}
		count(found(autoscaler(target), in_shop(row[1], row[2], ["cart"]))) == 0
		count(found(autoscaler(target), in_shop(row[1], row[2], ["orders"]))) == 1
	}
}

test_what_cannot_be_seen_is_left_alone if {
	every target in [
		{"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "cart"},
		{"apiVersion": "example.com/v1", "kind": "Deployment", "name": "cart"},
		{"apiVersion": "apps/v1", "kind": "ReplicationController", "name": "cart"},
	] {
		count(found(autoscaler(target), {})) == 0
	}
}

test_no_kind_is_denied if {
	every target in [null, {}, "cart", ["cart"], false, {"kind": ""}, {"kind": null}, {"kind": ["Deployment"]}] {
		violations := found(autoscaler(target), in_shop("apps/v1", "Deployment", ["cart"]))
		testing.messages(violations) == {`HorizontalPodAutoscaler "shop/cart" scales nothing: spec.scaleTargetRef names no kind`}
		testing.paths(violations) == {"/spec/scaleTargetRef"}
	}
}

test_no_name_is_denied if {
	every name in ["", null, 5, ["cart"]] {
		target := object.union(cart, {"name": name})
		count(found(autoscaler(target), in_shop("apps/v1", "Deployment", ["cart"]))) == 1
	}
	count(found(autoscaler(object.remove(cart, ["name"])), in_shop("apps/v1", "Deployment", ["cart"]))) == 1
}

test_without_a_namespace_the_manifests_belong_together if {
	asked := autoscaler_in({"name": "cart"}, cart)
	count(found(asked, {"cluster": held("apps/v1", "Deployment", ["cart"])})) == 0
	count(found(asked, {"namespace": {"default": held("apps/v1", "Deployment", ["cart"])}})) == 0
	testing.messages(found(asked, in_shop("apps/v1", "Deployment", ["cart"]))) == {`HorizontalPodAutoscaler "cart" scales nothing: there is no Deployment cart in its namespace`}
}

test_other_kinds_are_left_alone if {
	count(found(testing.deployment({}), {})) == 0
	count(found({"review": {"object": {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "spec": {"scaleTargetRef": {}}}}}, {})) == 0
}
