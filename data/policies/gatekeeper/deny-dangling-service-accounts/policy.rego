# METADATA
# title: Deny missing service accounts
# description: The ServiceAccount that a workload names must exist in its namespace.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
#     description: Configure Service Accounts for Pods
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
#     description: Managing Service Accounts
# custom:
#   id: deny-dangling-service-accounts
#   kind: JadeDenyDanglingServiceAccounts
#   severity: medium
#   severity_reason: No pod is made until the ServiceAccount exists, and whoever makes it first decides what it may do.
#   reliability: medium
#   tags: [nsa:authn-authz, service-account, availability, referential]
#   features: [service_account.exists=false]
#   kinds: [workloads]
#   inventory: [v1/ServiceAccount]
#   rationale: >-
#     The API server refuses a pod whose ServiceAccount does not exist. A Deployment is accepted all the same and then
#     makes no pods, which nobody sees but who reads the events of its ReplicaSet. A ServiceAccount that is on the way but
#     not yet applied is not seen, hence the reliability.
#   parameters:
#     knownServiceAccounts:
#       type: array
#       items: {type: string}
#       default: []
#       description: ServiceAccounts that are made by others in time, by name; `*` at the end stands for any rest.
#   remediation:
#     - path: "{namespace}/ServiceAccount"
#       operation: create
#       behaviour_changing: false
#       needs_human: true
#       note: Its name is the one that the workload names; which roles it needs is known only to the owner.
#   without_cel: It must see the ServiceAccounts of the cluster, and CEL sees the reviewed object alone.
package deny_dangling_service_accounts

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
