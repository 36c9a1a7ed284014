# METADATA
# title: Require a limit range
# description: The namespace of every workload must hold a LimitRange that gives containers default limits.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/policy/limit-range/
#     description: Limit ranges
#   - ref: https://open-policy-agent.github.io/gatekeeper/website/docs/sync/
#     description: How Gatekeeper replicates data, which this policy needs
# custom:
#   id: require-limit-range
#   kind: JadeRequireLimitRange
#   severity: low
#   severity_reason: It matters only for containers that set no limits themselves, and those are found one by one, too.
#   reliability: medium
#   tags: [nsa:resource-policies, mitre:T1499, resources, namespace, referential]
#   features: [limit_range_present=false]
#   kinds: [workloads]
#   inventory: [v1/LimitRange]
#   without_cel: CEL in an admission policy sees one object alone, and this policy needs the namespace's limit ranges.
#   rationale: >-
#     Sooner or later somebody starts a container without limits: by hand, from a chart, as an injected sidecar. A
#     LimitRange gives it some on admission, before any policy asks. Its maximum is the default where it names none.
#     Judged are the workloads and not the Namespace, which has to exist before its LimitRange can. One that is on its
#     way but not yet applied is not seen, hence the reliability.
#   parameters:
#     resources:
#       type: array
#       items: {type: string}
#       default: [cpu, memory]
#       description: Resources that must have a default limit, for instance also `ephemeral-storage`.
#     exemptNamespaces:
#       type: array
#       items: {type: string}
#       default: [kube-system, kube-public, kube-node-lease]
#       description: Namespaces that need no limit range, or prefixes of names that end in `*`.
#   remediation:
#     - path: "{namespace}/LimitRange"
#       operation: create
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         Defaults that suit the namespace are for its owners to say; containers that set nothing and use more are
#         slowed or killed.
package require_limit_range

import data.lib.inventory
import data.lib.kubernetes as k8s
import data.lib.names

default resources := ["cpu", "memory"]

resources := input.parameters.resources if is_array(input.parameters.resources)

default exempt_namespaces := ["kube-system", "kube-public", "kube-node-lease"]

exempt_namespaces := input.parameters.exemptNamespaces if is_array(input.parameters.exemptNamespaces)

violation contains {"msg": msg, "details": {"path": "/metadata/namespace"}} if {
	k8s.pod_spec
	open := [resource | some resource in resources; is_string(resource); not resource in limited]
	count(open) > 0
	not exempt
	values := [k8s.label, concat(" and ", open), k8s.place]
	msg := sprintf("Containers of %s get no default limit for %s: no LimitRange in %s sets one", values)
}

exempt if names.matches(k8s.namespace, exempt_namespaces)

limited contains resource if {
	some limit_range in inventory.objects("v1", "LimitRange")
	some item in limit_range.spec.limits
	item.type == "Container"
	some field in ["default", "max"]
	is_object(item[field])
	some resource, amount in item[field]
	amount != null
}
