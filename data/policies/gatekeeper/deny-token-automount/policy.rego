# METADATA
# title: Deny automatic service account tokens
# description: Pods must set `automountServiceAccountToken` to false.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting
#     description: Configure Service Accounts for Pods, opt out of API credential automounting
#   - ref: https://kubernetes.io/docs/concepts/security/service-accounts/
#     description: Service Accounts
# custom:
#   id: deny-token-automount
#   kind: JadeDenyTokenAutomount
#   severity: medium
#   severity_reason: The token is worth what its account may do; it spares an intruder the search for one.
#   reliability: medium
#   tags: [cis:5.1.6, nsa:authn-authz, mitre:T1528, service-account]
#   features: [automountServiceAccountToken=true]
#   kinds: [workloads]
#   rationale: >-
#     Unless a pod opts out, every one of its containers finds a token of the ServiceAccount as a file, and whoever reads
#     that file speaks to the API server in its name. Few services ever do. What a ServiceAccount says of itself is not
#     seen from the pod and can be changed without it, so the pod must say it, hence the reliability.
#   parameters:
#     exemptServiceAccounts:
#       type: array
#       items: {type: string}
#       default: []
#       description: ServiceAccounts whose pods talk to the API server, by name; `*` at the end stands for any rest.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       value: false
#       behaviour_changing: true
#       needs_human: true
#       note: Whether the process talks to the API server is known only to its owner; if so, exempt its ServiceAccount.
package deny_token_automount

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
