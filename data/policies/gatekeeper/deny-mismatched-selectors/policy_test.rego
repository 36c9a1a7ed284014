package deny_mismatched_selectors_test

import data.deny_mismatched_selectors
import data.lib.testing

workload(api_version, kind, spec) := {"review": {"object": {
	"apiVersion": api_version,
	"kind": kind,
	"metadata": {"name": "cart", "namespace": "shop"},
	"spec": object.union({"template": {"metadata": {"labels": {"app": "cart", "tier": "web"}}, "spec": {}}}, spec),
}}}

deployment(selector) := workload("apps/v1", "Deployment", {"selector": selector})

found(asked) := violations if violations := deny_mismatched_selectors.violation with input as asked

test_other_labels_are_denied if {
	violations := found(deployment({"matchLabels": {"app": "carts"}}))
	testing.paths(violations) == {"/spec/selector"}
	testing.messages(violations) == {`Deployment "shop/cart" does not select the pods of its template: spec.selector does not fit their labels`}
}

test_every_part_must_fit if {
	every selector in [
		{"matchLabels": {"app": "cart", "zone": "a"}},
		{"matchLabels": {"app": "cart", "tier": "data"}},
		{"matchExpressions": [{"key": "app", "operator": "In", "values": ["orders"]}]},
		{"matchLabels": {"app": "cart"}, "matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]},
		{"matchLabels": "app"},
		{"matchLabels": {"app": "cart"}, "matchExpressions": "tier"},
		"app",
		["app"],
		5,
		false,
	] {
		count(found(deployment(selector))) == 1
	}
}

test_allowed if {
	every selector in [
		{"matchLabels": {"app": "cart"}},
		{"matchLabels": {"app": "cart", "tier": "web"}, "matchExpressions": null},
		{"matchExpressions": [{"key": "app", "operator": "In", "values": ["cart", "orders"]}]},
		{"matchLabels": {}, "matchExpressions": [{"key": "app", "operator": "Exists"}]},
	] {
		count(found(deployment(selector))) == 0
	}
}

test_without_a_selector_it_is_denied if {
	every selector in [null, {}, {"matchLabels": {}}, {"matchLabels": null, "matchExpressions": []}] {
		violations := found(deployment(selector))
		testing.paths(violations) == {"/spec/selector"}
		testing.messages(violations) == {`Deployment "shop/cart" has no selector for the pods of its template`}
	}
	count(found(workload("apps/v1", "Deployment", {}))) == 1
}

test_every_kind_with_a_label_selector if {
	every pair in [
		["apps.kruise.io/v1alpha1", "CloneSet"],
		["apps.kruise.io/v1alpha1", "DaemonSet"],
		["apps.kruise.io/v1beta1", "StatefulSet"],
		["apps/v1", "DaemonSet"],
		["apps/v1", "ReplicaSet"],
		["apps/v1", "StatefulSet"],
		["argoproj.io/v1alpha1", "Rollout"],
		["batch/v1", "Job"],
		["extensions/v1beta1", "DaemonSet"],
		["extensions/v1beta1", "Deployment"],
		["extensions/v1beta1", "ReplicaSet"],
	] {
		count(found(workload(pair[0], pair[1], {"selector": {"matchLabels": {"app": "orders"}}}))) == 1
		count(found(workload(pair[0], pair[1], {"selector": {"matchLabels": {"app": "cart"}}}))) == 0
	}
}

test_a_plain_map_of_labels if {
	every pair in [["v1", "ReplicationController"], ["apps.openshift.io/v1", "DeploymentConfig"]] {
		count(found(workload(pair[0], pair[1], {"selector": {"app": "cart"}}))) == 0
		every selector in [{"app": "orders"}, {"matchLabels": {"app": "cart"}}, "app"] {
			count(found(workload(pair[0], pair[1], {"selector": selector}))) == 1
		}
	}
}

test_what_kubernetes_fills_in_may_be_left_out if {
	every pair in [
		["v1", "ReplicationController"],
		["apps.openshift.io/v1", "DeploymentConfig"],
		["batch/v1", "Job"],
		["apps/v1beta1", "Deployment"],
		["extensions/v1beta1", "DaemonSet"],
	] {
		count(found(workload(pair[0], pair[1], {}))) == 0
		count(found(workload(pair[0], pair[1], {"selector": {}}))) == 0
	}
	count(found(workload("apps/v1beta2", "Deployment", {}))) == 1
}

test_a_template_without_labels_is_selected_by_nothing if {
	bare := {"template": {"metadata": {"labels": null}}}
	count(found(workload("apps/v1", "Deployment", object.union(bare, {"selector": {"matchLabels": {"app": "cart"}}})))) == 1
}

test_without_a_template_there_is_nothing_to_select if {
	count(found({"review": {"object": {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "spec": {"workloadRef": {}}}}})) == 0
	count(found({"review": {"object": {"apiVersion": "apps/v1", "kind": "Deployment", "spec": null}}})) == 0
}

test_other_kinds_are_left_alone if {
	count(found(workload("v1", "Service", {"selector": {"app": "orders"}}))) == 0
	count(found(workload("batch/v1", "CronJob", {"selector": {"matchLabels": {"app": "orders"}}}))) == 0
	count(found(testing.pod({}))) == 0
}
