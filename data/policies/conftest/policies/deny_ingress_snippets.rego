# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_ingress_snippets

import data.lib.ingresses
import data.lib.kubernetes as k8s

default annotation_suffixes := ["-snippet", "-snippets", "/config-backend", "/config-frontend", "/config-global"]

annotation_suffixes := input.parameters.annotationSuffixes if is_array(input.parameters.annotationSuffixes)

violation contains {"msg": msg, "details": {"path": path}} if {
	ingresses.spec
	some name, value in k8s.annotations
	denied(name)
	not value in {"", null}
	msg := sprintf("%s writes into the configuration of its controller: annotation %s", [k8s.label, name])
	path := concat("/", ["/metadata/annotations", k8s.pointer_token(name)])
}

denied(name) if {
	some suffix in annotation_suffixes
	endswith(name, suffix)
}
