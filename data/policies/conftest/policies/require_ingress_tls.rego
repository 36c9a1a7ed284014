# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_ingress_tls

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
