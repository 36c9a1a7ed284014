# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_default_service_account_bindings

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.rbac

default exempt_bindings := ["system:*"]

exempt_bindings := input.parameters.exemptBindings if is_array(input.parameters.exemptBindings)

violation contains {"msg": msg, "details": {"path": path}} if {
	some subject in rbac.subjects
	holds_default_account(subject)
	not names.matches_resource(exempt_bindings)
	msg := sprintf("%s grants its role to %q, which pods that name no ServiceAccount run as", [k8s.label, subject.name])
	path := concat("/", [subject.pointer, "name"])
}

# A subject of no known kind is taken for a ServiceAccount.
holds_default_account(subject) if {
	subject.name == "default"
	not subject.kind in {"Group", "User"}
}

holds_default_account(subject) if {
	subject.kind != "ServiceAccount"
	subject.name == "system:serviceaccounts"
}

holds_default_account(subject) if {
	subject.kind != "ServiceAccount"
	startswith(subject.name, "system:serviceaccounts:")
}

# The name that a ServiceAccount has as a user.
holds_default_account(subject) if {
	subject.kind != "ServiceAccount"
	startswith(subject.name, "system:serviceaccount:")
	endswith(subject.name, ":default")
}
