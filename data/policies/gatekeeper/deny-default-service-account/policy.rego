# METADATA
# title: Deny the default service account
# description: Every workload must name a ServiceAccount of its own, other than `default`.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/service-accounts/#default-service-accounts
#     description: Service Accounts, default service accounts
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     description: Role Based Access Control Good Practices
# custom:
#   id: deny-default-service-account
#   kind: JadeDenyDefaultServiceAccount
#   severity: low
#   severity_reason: The default ServiceAccount may do next to nothing until somebody binds a role to it.
#   reliability: high
#   tags: [cis:5.1.5, nsa:authn-authz, mitre:T1078.001, service-account]
#   features: [serviceAccountName=default]
#   kinds: [workloads]
#   rationale: >-
#     All workloads of a namespace that name no ServiceAccount share one, `default`. The first role that is bound to it
#     for one of them is granted to all, and the audit log cannot tell which of them used it.
#   parameters:
#     sharedServiceAccounts:
#       type: array
#       items: {type: string}
#       default: [default]
#       description: ServiceAccounts that no workload may use, because they belong to none.
#     allowWithoutToken:
#       type: boolean
#       default: false
#       description: Whether a workload may use them if it sets `automountServiceAccountToken` to false.
#   remediation:
#     - path: "{namespace}/ServiceAccount"
#       operation: create
#       behaviour_changing: false
#       needs_human: true
#       note: Its name is chosen by the owner; mostly that of the workload.
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: The name of that ServiceAccount. A role that is bound to `default` must be bound to it as well.
package deny_default_service_account

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
