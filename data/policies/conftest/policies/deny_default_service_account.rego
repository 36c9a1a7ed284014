# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_default_service_account

import data.lib.kubernetes as k8s
import data.lib.service_accounts

default shared_service_accounts := ["default"]

shared_service_accounts := input.parameters.sharedServiceAccounts if is_array(input.parameters.sharedServiceAccounts)

default allow_without_token := false

allow_without_token := input.parameters.allowWithoutToken if is_boolean(input.parameters.allowWithoutToken)

violation contains {"msg": msg, "details": {"path": service_accounts.pointer}} if {
	account := service_accounts.name
	shared(account)
	not goes_without_token
	msg := sprintf(`%s runs as ServiceAccount "%v", which it shares with others`, [k8s.label, account])
}

shared(account) if account in shared_service_accounts

# What is no name names no account of the workload's own.
shared(account) if not is_string(account)

goes_without_token if {
	allow_without_token
	k8s.pod_spec.automountServiceAccountToken == false
}
