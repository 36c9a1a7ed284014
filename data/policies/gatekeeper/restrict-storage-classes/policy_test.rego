package restrict_storage_classes_test

import data.lib.testing
import data.restrict_storage_classes

claim_with(parameters, fields) := {
	"parameters": parameters,
	"review": {"object": object.union(
		{"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "orders", "namespace": "shop"}},
		fields,
	)},
}

of_class(class) := {"spec": {"storageClassName": class}}

violations(parameters, fields) := found if {
	found := restrict_storage_classes.violation with input as claim_with(parameters, fields)
}

annotated(class) := {"metadata": {"annotations": {"volume.beta.kubernetes.io/storage-class": class}}}

test_no_class if {
	every fields in [{}, {"spec": null}, {"spec": "fast"}, of_class(null), annotated(null)] {
		testing.paths(violations({}, fields)) == {"/spec/storageClassName"}
		testing.messages(violations({}, fields)) == {`PersistentVolumeClaim "shop/orders" claims storage without naming its class`}
		count(violations({"requireClass": false}, fields)) == 0
	}
}

test_any_class_by_default if {
	every class in ["fast", ""] {
		count(violations({}, of_class(class))) == 0
	}
	every class in [["fast"], 5, false] {
		count(violations({}, of_class(class))) == 1
	}
}

test_allowed_classes if {
	parameters := {"allowedClasses": ["fast", "shop-*"]}
	every class in ["fast", "shop-archive"] {
		count(violations(parameters, of_class(class))) == 0
	}
	every class in ["slow", "", "faster"] {
		found := violations(parameters, of_class(class))
		testing.paths(found) == {"/spec/storageClassName"}
		testing.messages(found) == {sprintf(`PersistentVolumeClaim "shop/orders" claims storage of class %s, which is not allowed`, [class])}
	}
	count(violations({"allowedClasses": ["fast"], "requireClass": false}, of_class("slow"))) == 1
}

test_the_annotation_wins if {
	parameters := {"allowedClasses": ["fast"]}
	count(violations(parameters, object.union(annotated("fast"), of_class("slow")))) == 0
	found := violations(parameters, object.union(annotated("slow"), of_class("fast")))
	testing.paths(found) == {"/metadata/annotations/volume.beta.kubernetes.io~1storage-class"}
}

test_claims_of_workloads if {
	stateful_set := {"review": {"object": {
		"apiVersion": "apps/v1",
		"kind": "StatefulSet",
		"metadata": {"name": "orders"},
		"spec": {
			"volumeClaimTemplates": [of_class("fast"), {}, null],
			"template": {"spec": {"volumes": [
				{"ephemeral": {"volumeClaimTemplate": of_class("fast")}},
				{"ephemeral": {"volumeClaimTemplate": {}}},
				{"emptyDir": {}},
				null,
			]}},
		},
	}}}
	found := restrict_storage_classes.violation with input as stateful_set
	testing.paths(found) == {
		"/spec/volumeClaimTemplates/1/spec/storageClassName",
		"/spec/volumeClaimTemplates/2/spec/storageClassName",
		"/spec/template/spec/volumes/1/ephemeral/volumeClaimTemplate/spec/storageClassName",
	}
}

test_what_claims_nothing if {
	every spec in [{}, {"volumes": null}, {"volumes": {"a": {"ephemeral": {"volumeClaimTemplate": {}}}}}] {
		count(restrict_storage_classes.violation) == 0 with input as testing.pod(spec)
	}
	config_map := {"review": {"object": {"apiVersion": "v1", "kind": "ConfigMap", "spec": {"volumeClaimTemplates": {"a": {}}}}}}
	count(restrict_storage_classes.violation) == 0 with input as config_map
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	count(violations({"allowedClasses": "fast"}, of_class("slow"))) == 0
	count(violations({"requireClass": "no"}, {})) == 1
}
