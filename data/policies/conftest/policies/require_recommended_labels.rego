# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_recommended_labels

import data.lib.kubernetes as k8s
import data.lib.owners

default labels := ["app.kubernetes.io/name", "app.kubernetes.io/instance"]

labels := input.parameters.labels if is_array(input.parameters.labels)

keys := {label | some label in labels; is_string(label)}

# What carries them. A Pod and its template are one.
carriers contains {"labels": k8s.labels, "pointer": "/metadata/labels"}

carriers contains {"labels": k8s.pod_labels, "pointer": concat("", [k8s.pod_template_pointer, "/metadata/labels"])}

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.pod_spec
	not owners.controlled
	some carrier in carriers
	some key in keys
	not stated(carrier.labels, key)
	msg := sprintf("%s lacks label %s at %s", [k8s.label, key, carrier.pointer])
	path := concat("/", [carrier.pointer, k8s.pointer_token(key)])
}

stated(values, key) if {
	value := values[key]
	is_string(value)
	trim_space(value) != ""
}
