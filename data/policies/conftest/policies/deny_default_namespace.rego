# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_default_namespace

import data.lib.kubernetes as k8s
import data.lib.names

default allow_unstated := false

allow_unstated := input.parameters.allowUnstated if is_boolean(input.parameters.allowUnstated)

default exempt_objects := ["ConfigMap/kube-root-ca.crt", "Service/kubernetes", "ServiceAccount/default"]

exempt_objects := input.parameters.exemptObjects if is_array(input.parameters.exemptObjects)

problem := "belongs in a namespace of its own, not in default" if k8s.namespace == "default"

problem := "names no namespace and would be created in default" if {
	not k8s.namespace
	not allow_unstated
}

violation contains {"msg": msg, "details": {"path": "/metadata/namespace"}} if {
	said := problem
	not names.matches_resource(exempt_objects)
	msg := sprintf("%s %s", [k8s.label, said])
}
