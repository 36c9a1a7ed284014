# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_bare_pods

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.owners

default exempt_annotations := ["helm.sh/hook", "kubernetes.io/config.mirror"]

exempt_annotations := input.parameters.exemptAnnotations if is_array(input.parameters.exemptAnnotations)

default exempt_pods := []

exempt_pods := input.parameters.exemptPods if is_array(input.parameters.exemptPods)

violation contains {"msg": msg, "details": {"path": "/metadata/ownerReferences"}} if {
	k8s.group_kind == "Pod"
	not owners.controlled
	not exempt
	msg := sprintf("%s has no controller: nothing puts it back when it is gone", [k8s.label])
}

exempt if {
	some annotation in exempt_annotations
	not object.get(k8s.annotations, annotation, null) in {"", null}
}

exempt if names.matches(k8s.metadata.name, exempt_pods)
