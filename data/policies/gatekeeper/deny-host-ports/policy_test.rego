package deny_host_ports_test

import data.deny_host_ports
import data.lib.testing

test_denied if {
	ports := [{"containerPort": 8080, "hostPort": 80}, {"containerPort": 9090}, {"hostPort": "443"}]
	found := deny_host_ports.violation with input as testing.container({"ports": ports})
	testing.paths(found) == {"/spec/containers/0/ports/0/hostPort", "/spec/containers/0/ports/2/hostPort"}
	`Container "cart" of Pod "shop/cart" binds port 80 of its node` in testing.messages(found)
}

test_denied_in_every_list if {
	container := {"ports": [{"hostPort": 80}]}
	spec := {"containers": [container], "initContainers": [container], "ephemeralContainers": [container]}
	count(deny_host_ports.violation) == 3 with input as testing.deployment(spec)
}

test_allowed if {
	every ports in [[], null, "8080", {"hostPort": 80}, [null, "80", {}, {"hostPort": 0}, {"hostPort": null}]] {
		count(deny_host_ports.violation) == 0 with input as testing.container({"ports": ports})
	}
}

test_allowed_by_parameter if {
	fields := {"ports": [{"hostPort": 80}, {"hostPort": 8080}]}
	found := deny_host_ports.violation with input as testing.container_with({"allowedPorts": [80]}, fields)
	testing.paths(found) == {"/spec/containers/0/ports/1/hostPort"}
}
