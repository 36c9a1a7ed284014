# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_dangling_service_accounts

import data.lib.inventory
import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.service_accounts

default known_service_accounts := []

known_service_accounts := input.parameters.knownServiceAccounts if is_array(input.parameters.knownServiceAccounts)

# Every namespace has a ServiceAccount `default`.
violation contains {"msg": msg, "details": {"path": service_accounts.pointer}} if {
	service_accounts.name != "default"
	not service_accounts.name in existing
	not names.matches(service_accounts.name, known_service_accounts)
	msg := sprintf(
		`%s runs as ServiceAccount "%v", which does not exist in %s`,
		[k8s.label, service_accounts.name, k8s.place],
	)
}

existing contains account.metadata.name if some account in inventory.objects("v1", "ServiceAccount")
