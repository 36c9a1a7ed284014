package lib.kubernetes_test

import data.lib.kubernetes as k8s
import data.lib.testing

object_of(object) := {"review": {"object": object}}

test_a_pod_is_its_own_template if {
	k8s.pod_spec_pointer == "/spec" with input as testing.pod({"containers": []})
	k8s.pod_template_pointer == "" with input as testing.pod({"containers": []})
}

test_each_kind_leads_to_its_pod_spec if {
	every group_kind, path in k8s.pod_template_paths {
		parts := split(group_kind, "/")
		api_version := concat("/", array.concat(array.slice(parts, 0, count(parts) - 1), ["v1"]))
		workload := json.patch({"apiVersion": api_version, "kind": parts[count(parts) - 1]}, array.concat(
			[{"op": "add", "path": array.slice(path, 0, index + 1), "value": {}} | some index, _ in path],
			[{"op": "add", "path": array.concat(path, ["spec"]), "value": {"containers": [{"name": "cart"}]}}],
		))
		found := k8s.containers with input as object_of(workload)
		pointer := concat("/", array.concat([""], array.concat(path, ["spec/containers/0"])))
		pointers := [container.pointer | some container in found] with input as object_of(workload)
		pointers == [pointer]
	}
}

test_a_kind_of_another_group_has_no_pods if {
	workload := {"apiVersion": "v1", "kind": "Service", "spec": {"template": {"spec": {"containers": [{}]}}}}
	k8s.containers == [] with input as object_of(workload)
}

test_all_three_lists_are_read if {
	spec := {"containers": [{"name": "a"}], "initContainers": [{"name": "b"}], "ephemeralContainers": [{}]}
	found := k8s.containers with input as testing.deployment(spec)
	[[container.field, container.index] | some container in found] == [
		["containers", 0],
		["ephemeralContainers", 0],
		["initContainers", 0],
	]
	labels := [container.label | some container in found] with input as testing.deployment(spec)
	labels == [
		`Container "a" of Deployment "shop/cart"`,
		`Ephemeral container 0 of Deployment "shop/cart"`,
		`Init container "b" of Deployment "shop/cart"`,
	]
	pointers := [container.pointer | some container in found] with input as testing.deployment(spec)
	pointers == [
		"/spec/template/spec/containers/0",
		"/spec/template/spec/ephemeralContainers/0",
		"/spec/template/spec/initContainers/0",
	]
}

test_what_is_no_container_is_left_out if {
	spec := {"containers": [null, "cart", {"name": 5}], "initContainers": {"a": {}}, "ephemeralContainers": null}
	found := k8s.containers with input as testing.pod(spec)
	labels := [container.label | some container in found] with input as testing.pod(spec)
	labels == [`Container 5 of Pod "shop/cart"`]
	pointers := [container.pointer | some container in found] with input as testing.pod(spec)
	pointers == ["/spec/containers/2"]
}

test_wrong_types_leave_nothing if {
	every object in [null, 5, {}, {"apiVersion": 1, "kind": "Pod", "spec": "x"}, {"apiVersion": "v1", "kind": {}, "spec": {}}] {
		k8s.containers == [] with input as object_of(object)
		not k8s.pod_spec with input as object_of(object)
		k8s.pod_labels == {} with input as object_of(object)
		k8s.pod_security_context == {} with input as object_of(object)
	}
}

test_security_contexts_are_objects if {
	spec := {"securityContext": "root", "containers": [{"securityContext": []}]}
	found := k8s.containers with input as testing.pod(spec)
	found[0].security_context == {}
	k8s.pod_security_context == {} with input as testing.pod(spec)
	k8s.pod_security_context == {"runAsUser": 0} with input as testing.pod({"securityContext": {"runAsUser": 0}})
}

test_labels_are_the_template_s if {
	k8s.pod_labels == {"app": "cart"} with input as testing.deployment({})
	k8s.pod_labels == {} with input as testing.pod({})
}

test_labels_and_annotations if {
	template := {"metadata": {"labels": {"app": "cart"}, "annotations": {"a": "1"}}, "spec": {}}
	workload := object_of({
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"labels": {"team": "shop"}, "annotations": {"owner": "cart"}},
		"spec": {"template": template},
	})
	k8s.labels == {"team": "shop"} with input as workload
	k8s.annotations == {"owner": "cart"} with input as workload
	k8s.pod_labels == {"app": "cart"} with input as workload
	k8s.pod_annotations == {"a": "1"} with input as workload
	k8s.pod_template_metadata == template.metadata with input as workload
}

test_labels_and_annotations_of_the_wrong_type_are_empty if {
	every metadata in [null, "x", {}, {"labels": null, "annotations": null}, {"labels": ["a"], "annotations": "a"}] {
		pod := object_of({"apiVersion": "v1", "kind": "Pod", "metadata": metadata})
		k8s.labels == {} with input as pod
		k8s.annotations == {} with input as pod
		k8s.pod_labels == {} with input as pod
		k8s.pod_annotations == {} with input as pod
	}
	not k8s.pod_template_metadata with input as object_of({"apiVersion": "v1", "kind": "Pod", "metadata": null})
}

test_windows if {
	k8s.windows with input as testing.pod({"os": {"name": "windows"}})
	not k8s.windows with input as testing.pod({"os": {"name": "linux"}})
	not k8s.windows with input as testing.pod({"os": null})
}

test_namespace_is_the_object_s_else_the_request_s if {
	k8s.namespace == "shop" with input as testing.pod({})
	k8s.namespace == "web" with input as {"review": {"namespace": "web", "object": {"metadata": {"namespace": ""}}}}
	not k8s.namespace with input as {"review": {"namespace": "", "object": {"metadata": {"namespace": 5}}}}
	not k8s.namespace with input as {"review": {"object": {"metadata": null}}}
}

test_label_names_what_is_known if {
	k8s.label == "Pod \"shop/cart\"" with input as testing.pod({})
	k8s.label == "Pod \"cart\"" with input as object_of({"kind": "Pod", "metadata": {"name": "cart"}})
	k8s.label == "Pod \"(unnamed)\"" with input as object_of({"kind": "Pod", "metadata": {"name": null}})
	k8s.label == "Pod \"(unnamed)\"" with input as object_of({"kind": "Pod"})
}

test_only_absent_null_and_false_are_unset if {
	every value in [true, "true", "false", 1, 0, {}, []] {
		k8s.set(value)
	}
	not k8s.set(false)
	not k8s.set(null)
}

test_pointer_token if k8s.pointer_token("nvidia.com/gpu~1") == "nvidia.com~1gpu~01"

test_linux_containers if {
	lists := {"containers": [{"name": "a"}], "initContainers": [{"name": "b"}]}
	count(k8s.linux_containers) == 2 with input as testing.pod(lists)
	count(k8s.linux_containers) == 2 with input as testing.pod(object.union(lists, {"os": {"name": "linux"}}))
	k8s.linux_containers == [] with input as testing.pod(object.union(lists, {"os": {"name": "windows"}}))
	k8s.linux_containers == [] with input as testing.pod({})
}

test_place if {
	k8s.place == `namespace "shop"` with input as testing.pod({})
	k8s.place == "its namespace" with input as object_of({"kind": "Pod", "metadata": {"name": "cart"}})
}
