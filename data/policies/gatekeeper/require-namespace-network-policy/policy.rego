# METADATA
# title: Require a NetworkPolicy in every Namespace
# description: Every Namespace must hold at least one NetworkPolicy.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies
#     description: Network Policies, default policies
# custom:
#   id: require-namespace-network-policy
#   kind: JadeRequireNamespaceNetworkPolicy
#   severity: medium
#   severity_reason: An intruder in one pod reaches all those of the namespace; it takes that intruder first.
#   reliability: medium
#   tags: [cis:5.3.2, nsa:network, network, namespace, referential]
#   features: [namespace.netpol_present=false]
#   kinds: [Namespace]
#   inventory: [networking.k8s.io/v1/NetworkPolicy]
#   without_cel: A ValidatingAdmissionPolicy sees nothing but the object that is applied.
#   rationale: >-
#     A namespace without a NetworkPolicy is one where nobody thought of who may talk to whom: each new workload starts
#     open to all pods of the cluster. One policy that denies by default makes each opening a decision. It can only be
#     written once the Namespace is there, and policies of a network plug-in (Cilium, Calico) are not seen, hence the
#     reliability: this is for audits more than for admission.
#   parameters:
#     exemptNamespaces:
#       type: array
#       items: {type: string}
#       default: [kube-node-lease, kube-public]
#       description: >-
#         Namespaces that need none, by name or by a prefix that ends in `*`; by default those of Kubernetes that hold
#         no pods.
#   remediation:
#     - path: "{namespace}/NetworkPolicy"
#       operation: create
#       value:
#         apiVersion: networking.k8s.io/v1
#         kind: NetworkPolicy
#         spec: {podSelector: {}, policyTypes: [Ingress]}
#       behaviour_changing: true
#       needs_human: true
#       note: Who may call the workloads of the namespace is known only to their owners; a policy that denies all cuts everybody off.
package require_namespace_network_policy

import data.lib.kubernetes as k8s
import data.lib.names

default exempt_namespaces := ["kube-node-lease", "kube-public"]

exempt_namespaces := input.parameters.exemptNamespaces if is_array(input.parameters.exemptNamespaces)

violation contains {"msg": msg, "details": {"path": "/metadata/name"}} if {
	k8s.group_kind == "Namespace"
	name := k8s.metadata.name
	not names.matches(name, exempt_namespaces)
	not holds_network_policy
	msg := sprintf("%s holds no NetworkPolicy: its pods are open to all pods of the cluster", [k8s.label])
}

holds_network_policy if {
	some policy in data.inventory.namespace[k8s.metadata.name]["networking.k8s.io/v1"].NetworkPolicy
	is_object(policy)
}
