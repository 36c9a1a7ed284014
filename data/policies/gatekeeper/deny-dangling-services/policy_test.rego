package deny_dangling_services_test

import data.deny_dangling_services
import data.lib.testing

service_in(metadata, spec) := {"review": {"object": {
	"apiVersion": "v1",
	"kind": "Service",
	"metadata": object.union({"name": "cart"}, metadata),
	"spec": spec,
}}}

service(spec) := service_in({"namespace": "shop"}, spec)

cart := service({"selector": {"app": "cart"}})

held(api_version, kind, workload) := {api_version: {kind: {"cart": workload}}}

in_shop(api_version, kind, workload) := {"namespace": {"shop": held(api_version, kind, workload)}}

pod(labels) := {"metadata": {"labels": labels}}

test_denied_where_nothing_is_held if {
	every inventory in [{}, {"namespace": {}}, {"namespace": {"shop": {}}}] {
		found := deny_dangling_services.violation with input as cart with data.inventory as inventory
		testing.paths(found) == {"/spec/selector"}
		testing.messages(found) == {`Service "shop/cart" has no endpoints: no workload in namespace "shop" has the labels of its selector`}
	}
}

test_each_kind_that_makes_pods if {
	template := {"spec": {"template": pod({"app": "cart", "tier": "web"})}}
	every one in [
		["v1", "Pod", pod({"app": "cart"})],
		["v1", "ReplicationController", template],
		["apps/v1", "DaemonSet", template],
		["apps/v1", "Deployment", template],
		["apps/v1", "ReplicaSet", template],
		["apps/v1", "StatefulSet", template],
		["batch/v1", "Job", template],
		["batch/v1", "CronJob", {"spec": {"jobTemplate": template}}],
	] {
		count(deny_dangling_services.violation) == 0 with input as cart with data.inventory as in_shop(one[0], one[1], one[2])
	}
}

test_labels_that_do_not_fit if {
	every labels in [{"app": "orders"}, {"tier": "cart"}, {}, null, "cart", ["cart"]] {
		inventory := in_shop("v1", "Pod", pod(labels))
		count(deny_dangling_services.violation) == 1 with input as cart with data.inventory as inventory
	}
	both := service({"selector": {"app": "cart", "tier": "web"}})
	count(deny_dangling_services.violation) == 1 with input as both with data.inventory as in_shop("v1", "Pod", pod({"app": "cart"}))
}

test_labels_of_the_workload_itself_do_not_count if {
	workload := {"metadata": {"labels": {"app": "cart"}}, "spec": {"template": pod({"app": "orders"})}}
	count(deny_dangling_services.violation) == 1 with input as cart with data.inventory as in_shop("apps/v1", "Deployment", workload)
}

test_other_namespaces_do_not_count if {
	inventory := {"namespace": {"web": held("v1", "Pod", pod({"app": "cart"}))}}
	count(deny_dangling_services.violation) == 1 with input as cart with data.inventory as inventory
}

test_without_a_namespace_the_manifests_belong_together if {
	unplaced := service_in({}, {"selector": {"app": "cart"}})
	pods := held("v1", "Pod", pod({"app": "cart"}))
	every inventory in [{"cluster": pods}, {"namespace": {"default": pods}}] {
		count(deny_dangling_services.violation) == 0 with input as unplaced with data.inventory as inventory
	}
	found := deny_dangling_services.violation with input as unplaced with data.inventory as {"namespace": {"shop": pods}}
	testing.messages(found) == {`Service "cart" has no endpoints: no workload in its namespace has the labels of its selector`}
}

test_services_without_a_selector_are_left_alone if {
	every spec in [{}, {"selector": {}}, {"selector": null}, null, "x", {"type": "ExternalName", "selector": {"app": "cart"}}] {
		count(deny_dangling_services.violation) == 0 with input as service(spec) with data.inventory as {}
	}
}

test_a_selector_of_a_wrong_type_selects_nothing if {
	every selector in ["app", ["app"], 5, true, {"app": null}, {"app": ["cart"]}] {
		asked := service({"selector": selector, "type": "ClusterIP"})
		inventory := in_shop("v1", "Pod", pod({"app": "cart"}))
		count(deny_dangling_services.violation) == 1 with input as asked with data.inventory as inventory
	}
}

test_only_core_services_are_judged if {
	every other in [["apps/v1", "Deployment"], ["serving.knative.dev/v1", "Service"]] {
		object := {"apiVersion": other[0], "kind": other[1], "spec": {"selector": {"app": "cart"}}}
		count(deny_dangling_services.violation) == 0 with input as {"review": {"object": object}} with data.inventory as {}
	}
}
