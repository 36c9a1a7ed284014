# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_wildcard_ingress_hosts

import data.lib.ingresses
import data.lib.kubernetes as k8s

default allowed_hosts := []

allowed_hosts := input.parameters.allowedHosts if is_array(input.parameters.allowedHosts)

violation contains {"msg": msg, "details": {"path": path}} if {
	some rule in ingresses.rules
	not names_one_host(rule.host)
	not rule.host in allowed_hosts
	msg := sprintf("%s answers for more hosts than one: %s has %s", [k8s.label, rule.pointer, described(rule.host)])
	path := concat("/", [rule.pointer, "host"])
}

# The default backend of an Ingress without rules is sent what no other rule takes.
violation contains {"msg": msg, "details": {"path": "/spec/rules"}} if {
	ingresses.spec
	count(ingresses.rules) == 0
	msg := sprintf("%s answers for every host: it has no rules", [k8s.label])
}

names_one_host(host) if {
	is_string(host)
	host != ""
	not contains(host, "*")
}

described(host) := "no host" if {
	host in {"", null}
} else := sprintf("host %v", [host])
