# METADATA
# title: Deny wildcard hosts of Ingresses
# description: Every rule of an Ingress must name one host, without `*`, unless the wildcard is allowed.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards
#     description: Ingress, hostname wildcards
# custom:
#   id: deny-wildcard-ingress-hosts
#   kind: JadeDenyWildcardIngressHosts
#   severity: medium
#   severity_reason: It draws requests for hosts of other teams, but only where those hosts have no rule of their own.
#   reliability: high
#   tags: [nsa:network, ingress, network, multi-tenancy]
#   features: [ingress.host=wildcard]
#   kinds: [networking.k8s.io/Ingress, extensions/Ingress]
#   rationale: >-
#     A rule without a host, or with a wildcard, answers for every host that nobody else names: for the one that is
#     released tomorrow, and for the one whose Ingress was just deleted. In a cluster that teams share, it takes their
#     requests, cookies included, and a scan by address finds the application behind it.
#   parameters:
#     allowedHosts:
#       type: array
#       items: {type: string}
#       default: []
#       description: Wildcard hosts that rules may name, as they stand there, for instance `*.preview.example.com`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: Which hosts the application answers for is known only to its owner.
package deny_wildcard_ingress_hosts

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
