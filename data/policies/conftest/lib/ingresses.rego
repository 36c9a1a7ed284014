# Generated from data/policies/gatekeeper; change that and run `make policies`.
# METADATA
# title: Ingresses
# description: The spec and the rules of the reviewed Ingress, with the JSON pointer of each rule.
# scope: package
package lib.ingresses

import data.lib.kubernetes as k8s

# Undefined where the reviewed object is no Ingress, empty where the Ingress has no spec.
spec := k8s.object_or_empty(object.get(k8s.resource, "spec", null)) if {
	k8s.group_kind in {"networking.k8s.io/Ingress", "extensions/Ingress"}
}

# {"host": "cart.example.com", "pointer": "/spec/rules/0", "spec": {…}}. `host` is null where a rule names none, and
# may be of any type.
rules := [rule |
	is_array(spec.rules)
	some index, entry in spec.rules
	fields := k8s.object_or_empty(entry)
	rule := {
		"host": object.get(fields, "host", null),
		"pointer": concat("/", ["/spec/rules", format_int(index, 10)]),
		"spec": fields,
	}
]
