package deny_privilege_escalation_test

import data.deny_privilege_escalation
import data.lib.testing

escalation(value) := {"securityContext": {"allowPrivilegeEscalation": value}}

test_denied if {
	every fields in [escalation(true), escalation(null), escalation("false"), {"securityContext": null}, {}] {
		found := deny_privilege_escalation.violation with input as testing.container(fields)
		testing.paths(found) == {"/spec/containers/0/securityContext/allowPrivilegeEscalation"}
	}
}

test_denied_in_every_list if {
	spec := {"containers": [escalation(false)], "initContainers": [{}], "ephemeralContainers": [{}]}
	found := deny_privilege_escalation.violation with input as testing.deployment(spec)
	testing.paths(found) == {
		"/spec/template/spec/initContainers/0/securityContext/allowPrivilegeEscalation",
		"/spec/template/spec/ephemeralContainers/0/securityContext/allowPrivilegeEscalation",
	}
}

test_allowed if {
	count(deny_privilege_escalation.violation) == 0 with input as testing.container(escalation(false))
}

test_windows_has_no_such_field if {
	spec := {"os": {"name": "windows"}, "containers": [{"name": "cart"}]}
	count(deny_privilege_escalation.violation) == 0 with input as testing.pod(spec)
}

test_exempt_image if {
	parameters := {"exemptImages": ["sudo:1"]}
	count(deny_privilege_escalation.violation) == 0 with input as testing.container_with(parameters, {"image": "sudo:1"})
	count(deny_privilege_escalation.violation) == 1 with input as testing.container_with(parameters, {"image": "sudo:2"})
	unlisted := {"exemptImages": {"a": "sudo:1"}}
	count(deny_privilege_escalation.violation) == 1 with input as testing.container_with(unlisted, {"image": "sudo:1"})
}
