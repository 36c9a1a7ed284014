# METADATA
# title: Require a NetworkPolicy
# description: The namespace of every workload must hold a NetworkPolicy that selects its pods.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/
#     description: Network Policies
#   - ref: https://open-policy-agent.github.io/gatekeeper/website/docs/sync/
#     description: How Gatekeeper replicates data, which this policy needs
# custom:
#   id: require-network-policy
#   kind: JadeRequireNetworkPolicy
#   severity: medium
#   severity_reason: An intruder in one pod reaches every other; it takes that intruder first.
#   reliability: medium
#   tags: [cis:5.3.2, nsa:network, mitre:T1210, network, referential]
#   features: [netpol_present=false]
#   kinds: [workloads]
#   inventory: [networking.k8s.io/v1/NetworkPolicy]
#   rationale: >-
#     Where no NetworkPolicy selects a pod, every pod of the cluster may talk to it and it may talk to everything,
#     metadata services and databases included. One policy that selects it closes all that it does not open. Policies of
#     a network plug-in (Cilium, Calico) and those on the way but not yet applied are not seen, hence the reliability.
#   remediation:
#     - path: "{namespace}/NetworkPolicy"
#       operation: create
#       value:
#         apiVersion: networking.k8s.io/v1
#         kind: NetworkPolicy
#         spec: {podSelector: {}, policyTypes: [Ingress]}
#       behaviour_changing: true
#       needs_human: true
#       note: Who may call the workload is known only to its owner; a policy that denies all cuts everybody off.
package require_network_policy

import data.lib.inventory
import data.lib.kubernetes as k8s
import data.lib.selectors

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.pod_spec
	not selected
	msg := sprintf("%s is open to all pods: no NetworkPolicy in %s selects its labels", [k8s.label, k8s.place])
	path := concat("", [k8s.pod_template_pointer, "/metadata/labels"])
}

selected if {
	some policy in inventory.objects("networking.k8s.io/v1", "NetworkPolicy")
	is_object(policy.spec)

	# A NetworkPolicy without a pod selector selects every pod of its namespace.
	selector := object.get(policy.spec, "podSelector", null)
	selectors.selects(selector, k8s.pod_labels)
}
