# METADATA
# title: Require TLS of Ingresses
# description: Every Ingress must have `spec.tls`, and each host of its rules must be among the hosts there.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/ingress/#tls
#     description: Ingress, TLS
# custom:
#   id: require-ingress-tls
#   kind: JadeRequireIngressTLS
#   severity: medium
#   severity_reason: Whoever sits on the way reads and changes the traffic, sessions and passwords included.
#   reliability: medium
#   tags: [nsa:network, ingress, network, tls]
#   features: [ingress.tls=false]
#   kinds: [networking.k8s.io/Ingress, extensions/Ingress]
#   rationale: >-
#     Without `spec.tls` an ingress controller serves a host over plain HTTP, and mostly does not redirect to HTTPS. A
#     host that the list leaves out is served with a certificate that is not its own. Where a load balancer in front
#     holds the certificate the policy cannot see it, hence the reliability; an annotation that names that certificate
#     can be given as a parameter.
#   parameters:
#     certificateAnnotations:
#       type: array
#       items: {type: string}
#       default: []
#       description: >-
#         Annotations that stand in for `spec.tls`, for instance `networking.gke.io/managed-certificates` or
#         `alb.ingress.kubernetes.io/certificate-arn`. Any value but an empty one counts.
#   remediation:
#     - path: "{resource}/spec/tls"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: Which Secret holds the certificate is known only to its owner; with an issuer (cert-manager) its name may be new.
package require_ingress_tls

import data.lib.ingresses
import data.lib.kubernetes as k8s

default certificate_annotations := []

certificate_annotations := input.parameters.certificateAnnotations if {
	is_array(input.parameters.certificateAnnotations)
}

violation contains {"msg": msg, "details": {"path": "/spec/tls"}} if {
	ingresses.spec
	count(tls) == 0
	not certificate_elsewhere
	msg := sprintf("%s is served without TLS: spec.tls is missing", [k8s.label])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some rule in ingresses.rules
	not rule.host in {"", null}
	count(tls) > 0
	not covered(rule.host)
	not certificate_elsewhere
	msg := sprintf("%s serves %v without TLS: no entry of spec.tls names that host", [k8s.label, rule.host])
	path := concat("/", [rule.pointer, "host"])
}

tls := [entry |
	is_array(ingresses.spec.tls)
	some entry in ingresses.spec.tls
	is_object(entry)
]

# An entry without hosts is for every host that the controller serves.
covered(_) if {
	some entry in tls
	object.get(entry, "hosts", null) in {null, []}
}

covered(host) if {
	some entry in tls
	host in entry.hosts
}

# `*.example.com` is for `cart.example.com`, and for nothing deeper.
covered(host) if {
	is_string(host)
	dot := indexof(host, ".")
	dot > 0
	wildcard := concat("", ["*", substring(host, dot, -1)])
	some entry in tls
	wildcard in entry.hosts
}

certificate_elsewhere if {
	some name in certificate_annotations
	not object.get(k8s.annotations, name, null) in {"", null}
}
