# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_external_ips

import data.lib.kubernetes as k8s

default allowed_ips := []

allowed_ips := input.parameters.allowedIPs if is_array(input.parameters.allowedIPs)

external_ips := k8s.resource.spec.externalIPs if k8s.group_kind == "Service"

violation contains {"msg": msg, "details": {"path": path}} if {
	is_array(external_ips)
	some index, ip in external_ips
	not ip in allowed_ips
	msg := sprintf("%s claims the external IP %v", [k8s.label, ip])
	path := concat("/", ["/spec/externalIPs", format_int(index, 10)])
}

violation contains {"msg": msg, "details": {"path": "/spec/externalIPs"}} if {
	k8s.set(external_ips)
	not is_array(external_ips)
	msg := sprintf("%s claims external IPs in a way that cannot be read: spec.externalIPs is no list", [k8s.label])
}
