# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_recommended_labels

import data.lib.kubernetes as k8s
import data.lib.owners

default labels := ["app.kubernetes.io/name", "app.kubernetes.io/instance"]

labels := input.parameters.labels if is_array(input.parameters.labels)

keys := {label | some label in labels; is_string(label)}

# What carries them, by the pointer to its labels. A Pod and its template are one.
carriers := {
	"/metadata/labels": {"labels": k8s.labels, "what": "its metadata"},
	concat("", [k8s.pod_template_pointer, "/metadata/labels"]): {"labels": k8s.pod_labels, "what": "its pod template"},
} if {
	k8s.pod_template_pointer != ""
} else := {"/metadata/labels": {"labels": k8s.labels, "what": "its metadata"}}

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.pod_spec
	not owners.controlled
	some pointer, carrier in carriers
	some key in keys
	not stated(carrier.labels, key)
	msg := sprintf("%s lacks label %s in %s", [k8s.label, key, carrier.what])
	path := concat("/", [pointer, k8s.pointer_token(key)])
}

stated(values, key) if {
	value := values[key]
	is_string(value)
	trim_space(value) != ""
}
