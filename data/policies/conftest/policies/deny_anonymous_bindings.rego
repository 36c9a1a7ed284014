# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_anonymous_bindings

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.rbac

default subjects := ["system:anonymous", "system:unauthenticated"]

subjects := input.parameters.subjects if is_array(input.parameters.subjects)

default exempt_bindings := ["RoleBinding/kubeadm:bootstrap-signer-clusterinfo", "system:*"]

exempt_bindings := input.parameters.exemptBindings if is_array(input.parameters.exemptBindings)

violation contains {"msg": msg, "details": {"path": path}} if {
	some subject in rbac.subjects
	subject.name in subjects
	not names.matches_resource(exempt_bindings)
	msg := sprintf("%s grants its role to %s, which stands for everybody", [k8s.label, subject.name])
	path := concat("/", [subject.pointer, "name"])
}
