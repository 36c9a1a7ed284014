# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_open_network_policies

import data.lib.kubernetes as k8s

default allowed_ports := []

allowed_ports := input.parameters.allowedPorts if is_array(input.parameters.allowedPorts)

spec := k8s.resource.spec if {
	k8s.group_kind == "networking.k8s.io/NetworkPolicy"
	is_object(k8s.resource.spec)
}

# The rules that count. Kubernetes leaves `ingress` aside where `policyTypes` does not name it.
rules := [rule |
	not for_egress_only
	is_array(spec.ingress)
	some index, entry in spec.ingress
	fields := k8s.object_or_empty(entry)
	not only_allowed_ports(fields)
	rule := {
		"pointer": concat("/", ["/spec/ingress", format_int(index, 10), "from"]),
		"from": object.get(fields, "from", null),
	}
]

for_egress_only if {
	is_array(spec.policyTypes)
	"Egress" in spec.policyTypes
	not "Ingress" in spec.policyTypes
}

violation contains {"msg": msg, "details": {"path": rule.pointer}} if {
	some rule in rules
	not names_peers(rule.from)
	msg := sprintf("%s lets in everybody: %s names nobody", [k8s.label, rule.pointer])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some rule in rules
	is_array(rule.from)
	some index, peer in rule.from
	some field, value in everybody(peer)
	path := concat("/", [rule.pointer, format_int(index, 10), field])
	msg := sprintf("%s lets in everybody: %s is %v", [k8s.label, path, value])
}

names_peers(from) if {
	is_array(from)
	count(from) > 0
}

# The fields of a peer that stand for everybody. `except` does not help: what is left is still the internet.
everybody(peer) := {"ipBlock/cidr": cidr} if {
	cidr := peer.ipBlock.cidr
	not names_a_network(cidr)
} else := {"namespaceSelector": selector} if {
	selector := peer.namespaceSelector
	selector != null
	not narrows(selector)
	not narrows(object.get(peer, "podSelector", null))
}

names_a_network(null)

names_a_network(cidr) if {
	is_string(cidr)
	not endswith(cidr, "/0")
}

narrows(selector) if {
	is_object(selector.matchLabels)
	count(selector.matchLabels) > 0
}

narrows(selector) if {
	is_array(selector.matchExpressions)
	count(selector.matchExpressions) > 0
}

only_allowed_ports(rule) if {
	is_array(rule.ports)
	count(rule.ports) > 0
	every port in rule.ports {
		port.port in allowed_ports
		object.get(port, "endPort", null) in {port.port, null}
	}
}
