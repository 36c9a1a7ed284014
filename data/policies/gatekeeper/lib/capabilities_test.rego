package lib.capabilities_test

import data.lib.capabilities
import data.lib.testing

container(value) := testing.container({"securityContext": {"capabilities": value}})

add_pointer := "/spec/containers/0/securityContext/capabilities/add"

found_in(added) := [[capability.name, capability.pointer, capability.value] | some capability in added]

test_added if {
	found := capabilities.added with input as container({"add": ["SYS_ADMIN", null, "cap_net_raw", 5]})
	found_in(found) == [
		["SYS_ADMIN", concat("", [add_pointer, "/0"]), "SYS_ADMIN"],
		["NET_RAW", concat("", [add_pointer, "/2"]), "cap_net_raw"],
		[5, concat("", [add_pointer, "/3"]), 5],
	]
	[[capability.container.field, capability.container.index] | some capability in found] == [["containers", 0], ["containers", 0], ["containers", 0]]
}

test_what_is_no_list_is_one_capability if {
	text := capabilities.added with input as container({"add": "sys_admin"})
	found_in(text) == [["SYS_ADMIN", add_pointer, "sys_admin"]]
	map := capabilities.added with input as container({"add": {"a": 1}})
	found_in(map) == [[{"a": 1}, add_pointer, {"a": 1}]]
	[[capability.container.field, capability.container.index] | some capability in text] == [["containers", 0]]
}

test_added_in_every_list if {
	adding := {"securityContext": {"capabilities": {"add": ["BPF"]}}}
	spec := {"containers": [adding], "initContainers": [adding], "ephemeralContainers": [adding]}
	count(capabilities.added) == 3 with input as testing.deployment(spec)
}

test_dropped if {
	found := capabilities.dropped with input as container({"drop": ["all", "CAP_NET_RAW", null]})
	found == {"/spec/containers/0": {"ALL", "CAP_NET_RAW"}}
}

test_nothing if {
	every value in [null, {}, [], "ALL", {"add": null, "drop": null}] {
		capabilities.added == [] with input as container(value)
		capabilities.dropped == {} with input as container(value)
	}
	capabilities.dropped == {} with input as container({"drop": "ALL"})
}

test_windows_has_no_capabilities if {
	adding := {"add": ["BPF"], "drop": ["ALL"]}
	spec := {"os": {"name": "windows"}, "containers": [{"securityContext": {"capabilities": adding}}]}
	capabilities.added == [] with input as testing.pod(spec)
	capabilities.dropped == {} with input as testing.pod(spec)
	text := {"os": {"name": "windows"}, "containers": [{"securityContext": {"capabilities": {"add": "BPF"}}}]}
	capabilities.added == [] with input as testing.pod(text)
}
