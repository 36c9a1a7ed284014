package deny_privileged_ports_test

import data.deny_privileged_ports
import data.lib.testing

ports(numbers) := {"ports": [{"containerPort": number} | some number in numbers]}

test_denied if {
	found := deny_privileged_ports.violation with input as testing.container(ports([8080, 80, 1023]))
	testing.paths(found) == {"/spec/containers/0/ports/1/containerPort", "/spec/containers/0/ports/2/containerPort"}
	`Container "cart" of Pod "shop/cart" listens on privileged port 80: use 1024 or above` in testing.messages(found)
}

test_what_is_no_number_is_not_trusted if {
	every value in ["80", "http", true, [8080], {}] {
		found := deny_privileged_ports.violation with input as testing.container(ports([value]))
		testing.paths(found) == {"/spec/containers/0/ports/0/containerPort"}
	}
}

test_denied_in_every_list if {
	spec := {"containers": [ports([80])], "initContainers": [ports([80])], "ephemeralContainers": [ports([80])]}
	found := deny_privileged_ports.violation with input as testing.deployment(spec)
	testing.paths(found) == {
		"/spec/template/spec/containers/0/ports/0/containerPort",
		"/spec/template/spec/initContainers/0/ports/0/containerPort",
		"/spec/template/spec/ephemeralContainers/0/ports/0/containerPort",
	}
}

test_allowed if {
	every fields in [
		{},
		ports([]),
		ports([1024, 8080, 65535]),
		ports([0, null]),
		{"ports": null},
		{"ports": {"containerPort": 80}},
		{"ports": [null, {}, "80", {"hostPort": 80}]},
	] {
		count(deny_privileged_ports.violation) == 0 with input as testing.container(fields)
	}
}

test_lowest_port if {
	found := deny_privileged_ports.violation with input as testing.container_with({"lowestPort": 100}, ports([99, 100]))
	testing.paths(found) == {"/spec/containers/0/ports/0/containerPort"}
}

test_allowed_ports if {
	found := deny_privileged_ports.violation with input as testing.container_with({"allowedPorts": [443]}, ports([443, 80]))
	testing.paths(found) == {"/spec/containers/0/ports/1/containerPort"}
}

test_exempt_image if {
	fields := object.union(ports([53]), {"image": "registry/coredns:1"})
	count(deny_privileged_ports.violation) == 0 with input as testing.container_with({"exemptImages": ["registry/coredns:*"]}, fields)
	count(deny_privileged_ports.violation) == 1 with input as testing.container_with({"exemptImages": ["other/*"]}, fields)
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	every parameters in [{"lowestPort": "80", "allowedPorts": {"a": 80}, "exemptImages": {"a": "cart"}}, {"lowestPort": null, "allowedPorts": null, "exemptImages": null}] {
		count(deny_privileged_ports.violation) == 1 with input as testing.container_with(parameters, object.union(ports([80, 8080]), {"image": "cart"}))
	}
}
