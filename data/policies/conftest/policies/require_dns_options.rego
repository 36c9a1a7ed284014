# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_dns_options

import data.lib.kubernetes as k8s

default required := {"ndots": "2"}

required := input.parameters.options if is_object(input.parameters.options)

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.pod_spec
	not other_resolver
	some name, value in required
	object.get(settings, name, null) != value
	msg := sprintf("%s does not set DNS option %s to %v", [k8s.label, name, value])
	path := concat("/", [k8s.pod_spec_pointer, "dnsConfig/options"])
}

# What the resolver gets: of several entries with one name, the kubelet takes the last.
settings[name] := value if {
	options := k8s.pod_spec.dnsConfig.options
	is_array(options)
	some index, option in options
	name := option.name
	later := [other | some at, other in options; at > index; other.name == name]
	count(later) == 0
	value := object.get(option, "value", null)
}

other_resolver if k8s.pod_spec.dnsPolicy in {"Default", "None"}

# On the node's network, ClusterFirst means the node's resolver.
other_resolver if {
	k8s.pod_spec.hostNetwork == true
	object.get(k8s.pod_spec, "dnsPolicy", null) in {null, "", "ClusterFirst"}
}
