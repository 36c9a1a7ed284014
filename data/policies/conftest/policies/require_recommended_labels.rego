# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_recommended_labels

import data.lib.kubernetes as k8s
import data.lib.owners

default labels := ["app.kubernetes.io/name", "app.kubernetes.io/instance"]

labels := input.parameters.labels if is_array(input.parameters.labels)

tokens := {label: k8s.pointer_token(label) | some label in labels; is_string(label)}

# What carries them, by pointer. A Pod and its template are one.
carriers := {
	"/metadata/labels": k8s.labels,
	concat("", [k8s.pod_template_pointer, "/metadata/labels"]): k8s.pod_labels,
}

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.pod_spec
	not owners.controlled
	some pointer, found in carriers
	some key, token in tokens
	not stated(found, key)
	msg := sprintf("%s lacks label %s at %s", [k8s.label, key, pointer])
	path := concat("/", [pointer, token])
}

stated(values, key) if {
	value := values[key]
	is_string(value)
	trim_space(value) != ""
}
