package deny_host_process_test

import data.deny_host_process
import data.lib.testing

host_process(value) := {"securityContext": {"windowsOptions": {"hostProcess": value}}}

container_pointer := "/spec/containers/0/securityContext/windowsOptions/hostProcess"

pod_pointer := "/spec/securityContext/windowsOptions/hostProcess"

test_denied_in_a_container if {
	found := deny_host_process.violation with input as testing.container(host_process(true))
	testing.paths(found) == {container_pointer}
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" runs as a process of its node: windowsOptions.hostProcess is true`}
}

test_denied_in_the_pod if {
	found := deny_host_process.violation with input as testing.pod(object.union(host_process(true), {"containers": [{}]}))
	testing.paths(found) == {pod_pointer}
	testing.messages(found) == {`Pod "shop/cart" runs as processes of its node: windowsOptions.hostProcess is true`}
}

test_denied_in_a_pod_without_containers if {
	count(deny_host_process.violation) == 1 with input as testing.pod(host_process(true))
}

test_denied_in_every_list if {
	spec := {
		"containers": [host_process(true)],
		"initContainers": [host_process(true)],
		"ephemeralContainers": [host_process(true)],
	}
	count(deny_host_process.violation) == 3 with input as testing.deployment(spec)
}

test_a_quoted_value_is_not_trusted if {
	count(deny_host_process.violation) == 1 with input as testing.container(host_process("true"))
	count(deny_host_process.violation) == 1 with input as testing.pod(host_process("false"))
}

test_allowed if {
	every fields in [host_process(false), host_process(null), {"securityContext": {"windowsOptions": null}}, {}] {
		count(deny_host_process.violation) == 0 with input as testing.container(fields)
		count(deny_host_process.violation) == 0 with input as testing.pod(fields)
	}
}

test_exempt_image if {
	fields := object.union(host_process(true), {"image": "registry/cni:1"})
	exempt := {"exemptImages": ["registry/*"]}
	count(deny_host_process.violation) == 0 with input as testing.container_with(exempt, fields)
	count(deny_host_process.violation) == 1 with input as testing.container_with({"exemptImages": ["other/*"]}, fields)
}

test_a_pod_is_exempt_when_all_its_images_are if {
	exempt := {"exemptImages": ["registry/*"]}
	cni := {"image": "registry/cni:1"}
	all := object.union(host_process(true), {"containers": [cni, cni]})
	some_ := object.union(host_process(true), {"containers": [cni, {"image": "cart:1"}]})
	count(deny_host_process.violation) == 0 with input as testing.pod_with(exempt, all)
	count(deny_host_process.violation) == 1 with input as testing.pod_with(exempt, some_)
}
