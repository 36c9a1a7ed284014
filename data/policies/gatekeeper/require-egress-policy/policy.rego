# METADATA
# title: Require a NetworkPolicy for egress
# description: A NetworkPolicy must limit whom the pods of every workload may call.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation
#     description: Network Policies, the two sorts of pod isolation
# custom:
#   id: require-egress-policy
#   kind: JadeRequireEgressPolicy
#   severity: medium
#   severity_reason: An intruder fetches tools and sends data away unhindered; it takes that intruder first.
#   reliability: medium
#   tags: [cis:5.3.2, nsa:network, network, referential]
#   features: [netpol_egress=false]
#   kinds: [workloads]
#   inventory: [networking.k8s.io/v1/NetworkPolicy]
#   without_cel: A ValidatingAdmissionPolicy sees nothing but the object that is applied.
#   rationale: >-
#     A pod whose egress nobody limits calls whatever it likes: the cloud's metadata service and its credentials, the
#     databases of other teams, the internet. Most workloads call DNS and two or three others, so naming those costs
#     little and leaves an intruder nowhere to go. Policies of a network plug-in (Cilium, Calico) and those on the way
#     but not yet applied are not seen, hence the reliability.
#   remediation:
#     - path: "{namespace}/NetworkPolicy"
#       operation: create
#       value:
#         apiVersion: networking.k8s.io/v1
#         kind: NetworkPolicy
#         spec:
#           podSelector: {}
#           policyTypes: [Egress]
#           egress:
#             - to:
#                 - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}
#               ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         Whom the workload calls beside DNS is known only to its owner. Where a rule already lets it call everything, that
#         rule must be narrowed, as what NetworkPolicies allow adds up.
package require_egress_policy

import data.lib.inventory
import data.lib.kubernetes as k8s
import data.lib.selectors

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.pod_spec
	count(limits) == 0
	msg := sprintf("%s may call everything: no NetworkPolicy in %s is for its egress", [k8s.label, k8s.place])
	path := concat("", [k8s.pod_template_pointer, "/metadata/labels"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	k8s.pod_spec
	lets_out_everything
	msg := sprintf("%s may call everything: a NetworkPolicy in %s has an egress rule without limits", [k8s.label, k8s.place])
	path := concat("", [k8s.pod_template_pointer, "/metadata/labels"])
}

# The specs of the NetworkPolicies for the egress of the workload's pods.
limits := [spec |
	some policy in inventory.objects("networking.k8s.io/v1", "NetworkPolicy")
	spec := policy.spec
	is_object(spec)
	for_egress(spec)

	# A NetworkPolicy without a pod selector selects every pod of its namespace.
	selectors.selects(object.get(spec, "podSelector", null), k8s.pod_labels)
]

for_egress(spec) if "Egress" in spec.policyTypes

# Where a NetworkPolicy names no types, Kubernetes goes by whether it has egress rules.
for_egress(spec) if {
	object.get(spec, "policyTypes", null) in {[], null}
	count(spec.egress) > 0
}

lets_out_everything if {
	some spec in limits
	is_array(spec.egress)
	some entry in spec.egress
	rule := k8s.object_or_empty(entry)
	object.get(rule, "ports", null) in {[], null}
	to_everybody(rule)
}

to_everybody(rule) if object.get(rule, "to", null) in {[], null}

to_everybody(rule) if {
	some peer in rule.to
	endswith(peer.ipBlock.cidr, "/0")
	object.get(peer.ipBlock, "except", null) in {[], null}
}
