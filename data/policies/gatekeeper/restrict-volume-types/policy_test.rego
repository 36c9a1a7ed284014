package restrict_volume_types_test

import data.lib.testing
import data.restrict_volume_types

test_denied if {
	volumes := [{"name": "a", "emptyDir": {}}, {"name": "b", "nfs": {"server": "files"}}, {"hostPath": {}, "x/y": 1}]
	found := restrict_volume_types.violation with input as testing.deployment({"volumes": volumes})
	testing.paths(found) == {
		"/spec/template/spec/volumes/1/nfs",
		"/spec/template/spec/volumes/2/hostPath",
		"/spec/template/spec/volumes/2/x~1y",
	}
}

test_message if {
	parameters := {"allowedTypes": ["secret", "emptyDir"]}
	found := restrict_volume_types.violation with input as testing.pod_with(parameters, {"volumes": [{"nfs": {}}]})
	testing.messages(found) == {`Pod "shop/cart" has a volume of type nfs; allowed: secret, emptyDir`}
}

test_every_default_is_allowed if {
	types := ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"]
	volumes := [{"name": "data", type: {}} | some type in types]
	count(restrict_volume_types.violation) == 0 with input as testing.pod({"volumes": volumes})
}

test_allowed if {
	every volumes in [[], null, {"nfs": {}}, [null, "nfs", ["nfs"], {"name": "data"}, {"name": "data", "nfs": null}]] {
		count(restrict_volume_types.violation) == 0 with input as testing.pod({"volumes": volumes})
	}
}

test_parameters_take_the_place_of_the_default if {
	spec := {"volumes": [{"nfs": {}}, {"emptyDir": {}}]}
	found := restrict_volume_types.violation with input as testing.pod_with({"allowedTypes": ["nfs"]}, spec)
	testing.paths(found) == {"/spec/volumes/1/emptyDir"}
	count(restrict_volume_types.violation) == 2 with input as testing.pod_with({"allowedTypes": []}, spec)
}

test_a_parameter_of_another_type_is_not_given if {
	every value in ["hostPath", null, {"a": "hostPath"}] {
		parameters := {"allowedTypes": value}
		empty := {"volumes": [{"name": "tmp", "emptyDir": {}}]}
		count(restrict_volume_types.violation) == 0 with input as testing.pod_with(parameters, empty)
		node := {"volumes": [{"name": "node", "hostPath": {"path": "/srv"}}]}
		count(restrict_volume_types.violation) == 1 with input as testing.pod_with(parameters, node)
	}
}

test_what_is_no_list_of_volumes_holds_none if {
	every value in [{"a": {"hostPath": {}}}, "hostPath", ["hostPath"]] {
		count(restrict_volume_types.violation) == 0 with input as testing.pod({"volumes": value})
	}
}
