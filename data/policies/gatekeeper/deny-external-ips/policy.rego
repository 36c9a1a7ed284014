# METADATA
# title: Deny external IPs
# description: No Service may claim an address with `spec.externalIPs`, except those that are allowed.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/service/#external-ips
#     description: Service, external IPs
#   - ref: https://nvd.nist.gov/vuln/detail/CVE-2020-8554
#     description: CVE-2020-8554, traffic intercepted through external IPs
# custom:
#   id: deny-external-ips
#   kind: JadeDenyExternalIPs
#   severity: high
#   severity_reason: Whoever may create a Service can take over traffic that the cluster sends to any address.
#   reliability: high
#   tags: [nsa:network, service, network]
#   features: [service.externalIPs=true]
#   kinds: [Service]
#   rationale: >-
#     Kubernetes checks nobody's right to an external IP. Every node sends what goes to that address to the pods of the
#     Service instead, so a Service that names the address of a DNS server, a registry or another tenant reads and
#     answers in its place (CVE-2020-8554, which has no fix).
#   parameters:
#     allowedIPs:
#       type: array
#       items: {type: string}
#       default: []
#       description: Addresses that a Service may claim, each written as Services write it.
#   remediation:
#     - path: "{violation}"
#       operation: remove-item
#       behaviour_changing: true
#       needs_human: true
#       note: Who calls that address is known only to its owner; a load balancer or an Ingress may have to take its place.
package deny_external_ips

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
