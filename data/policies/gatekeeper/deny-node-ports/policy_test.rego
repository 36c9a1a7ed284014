package deny_node_ports_test

import data.deny_node_ports
import data.lib.testing

service_with(parameters, spec) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": "v1",
		"kind": "Service",
		"metadata": {"name": "cart", "namespace": "shop"},
		"spec": spec,
	}},
}

service(spec) := service_with({}, spec)

test_denied if {
	found := deny_node_ports.violation with input as service({"type": "NodePort", "ports": [{"port": 80}]})
	testing.paths(found) == {"/spec/type"}
	testing.messages(found) == {`Service "shop/cart" opens a port on every node: spec.type is NodePort`}
}

test_a_type_that_is_none_is_not_trusted if {
	every type in ["nodeport", ["NodePort"], 5, {}, true] {
		count(deny_node_ports.violation) == 1 with input as service({"type": type})
	}
}

test_allowed if {
	every spec in [
		{"type": "ClusterIP"},
		{"type": "LoadBalancer", "ports": [{"port": 80, "nodePort": 30080}]},
		{"type": "ExternalName"},
		{"type": ""},
		{"type": null},
		{},
		null,
		"NodePort",
	] {
		count(deny_node_ports.violation) == 0 with input as service(spec)
	}
}

test_allowed_node_ports if {
	parameters := {"allowedNodePorts": [30080, 30443]}
	https := {"port": 443, "nodePort": 30443}
	every ports in [[https], [https, {"port": 80, "nodePort": 30080}]] {
		count(deny_node_ports.violation) == 0 with input as service_with(parameters, {"type": "NodePort", "ports": ports})
	}
	every ports in [
		[https, {"port": 81, "nodePort": 30081}],
		[https, {"port": 80}],
		[https, {"port": 80, "nodePort": null}],
		[https, null],
		[],
		null,
		{"https": https},
	] {
		count(deny_node_ports.violation) == 1 with input as service_with(parameters, {"type": "NodePort", "ports": ports})
	}
	count(deny_node_ports.violation) == 1 with input as service_with(parameters, {"type": "NodePort"})
}

test_parameters_of_a_wrong_type_allow_nothing if {
	every parameters in [null, {"allowedNodePorts": null}, {"allowedNodePorts": {"a": 30443}}] {
		asked := service_with(parameters, {"type": "NodePort", "ports": [{"port": 443, "nodePort": 30443}]})
		count(deny_node_ports.violation) == 1 with input as asked
	}
}

test_only_core_services_are_judged if {
	every other in [["v1", "Secret"], ["serving.knative.dev/v1", "Service"]] {
		object := {"apiVersion": other[0], "kind": other[1], "spec": {"type": "NodePort"}}
		count(deny_node_ports.violation) == 0 with input as {"review": {"object": object}}
	}
}
