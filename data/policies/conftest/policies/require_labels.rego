# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_labels

import data.lib.kubernetes as k8s
import data.lib.owners
import data.lib.required

default labels := [{"key": "owner"}]

labels := input.parameters.labels if is_array(input.parameters.labels)

violation contains {"msg": msg, "details": {"path": path}} if {
	not owners.controlled
	some label in labels
	is_string(label.key)
	not met(label)
	msg := sprintf("%s lacks label %s%s", [k8s.label, label.key, required.wish(label)])
	path := concat("/", ["/metadata/labels", k8s.pointer_token(label.key)])
}

met(label) if required.met(k8s.labels[label.key], label)
