# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_annotations

import data.lib.kubernetes as k8s
import data.lib.owners
import data.lib.required

default annotations := [{"key": "a8r.io/owner"}]

annotations := input.parameters.annotations if is_array(input.parameters.annotations)

violation contains {"msg": msg, "details": {"path": path}} if {
	not owners.controlled
	some annotation in annotations
	is_string(annotation.key)
	not met(annotation)
	msg := sprintf("%s lacks annotation %s%s", [k8s.label, annotation.key, required.wish(annotation)])
	path := concat("/", ["/metadata/annotations", k8s.pointer_token(annotation.key)])
}

met(annotation) if required.met(k8s.annotations[annotation.key], annotation)
