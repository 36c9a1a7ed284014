# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_token_automount

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.service_accounts

default exempt_service_accounts := []

exempt_service_accounts := input.parameters.exemptServiceAccounts if is_array(input.parameters.exemptServiceAccounts)

violation contains {"msg": msg, "details": {"path": path}} if {
	object.get(k8s.pod_spec, "automountServiceAccountToken", null) != false
	not names.matches(service_accounts.name, exempt_service_accounts)
	msg := sprintf(
		`%s mounts a token of ServiceAccount "%v": automountServiceAccountToken is not false`,
		[k8s.label, service_accounts.name],
	)
	path := concat("/", [k8s.pod_spec_pointer, "automountServiceAccountToken"])
}
