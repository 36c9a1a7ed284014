package require_read_only_root_filesystem_test

import data.lib.testing
import data.require_read_only_root_filesystem as policy

read_only(value) := {"securityContext": {"readOnlyRootFilesystem": value}}

test_denied if {
	every fields in [
		read_only(false), read_only(null), read_only("true"), read_only(1),
		{"securityContext": null}, {"securityContext": "x"}, {},
	] {
		found := policy.violation with input as testing.container(fields)
		testing.paths(found) == {"/spec/containers/0/securityContext/readOnlyRootFilesystem"}
		testing.messages(found) == {concat("", [
			`Container "cart" of Pod "shop/cart" can write to its root filesystem: `,
			"set securityContext.readOnlyRootFilesystem to true",
		])}
	}
}

test_denied_in_every_list if {
	spec := {"containers": [read_only(true)], "initContainers": [{}], "ephemeralContainers": [{}]}
	found := policy.violation with input as testing.deployment(spec)
	testing.paths(found) == {
		"/spec/template/spec/initContainers/0/securityContext/readOnlyRootFilesystem",
		"/spec/template/spec/ephemeralContainers/0/securityContext/readOnlyRootFilesystem",
	}
}

test_allowed if {
	count(policy.violation) == 0 with input as testing.container(read_only(true))
}

test_windows_has_no_such_field if {
	spec := {"os": {"name": "windows"}, "containers": [{"name": "cart"}]}
	count(policy.violation) == 0 with input as testing.pod(spec)
}

test_exempt_image if {
	parameters := {"exemptImages": ["db:1"]}
	count(policy.violation) == 0 with input as testing.container_with(parameters, {"image": "db:1"})
	count(policy.violation) == 1 with input as testing.container_with(parameters, {"image": "db:2"})
	unlisted := {"exemptImages": {"a": "db:1"}}
	count(policy.violation) == 1 with input as testing.container_with(unlisted, {"image": "db:1"})
}
