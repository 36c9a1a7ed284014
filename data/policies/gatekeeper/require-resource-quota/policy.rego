# METADATA
# title: Require a resource quota
# description: The namespace of every workload must hold a ResourceQuota that bounds CPU and memory.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/policy/resource-quotas/
#     description: Resource quotas
#   - ref: https://open-policy-agent.github.io/gatekeeper/website/docs/sync/
#     description: How Gatekeeper replicates data, which this policy needs
# custom:
#   id: require-resource-quota
#   kind: JadeRequireResourceQuota
#   severity: medium
#   severity_reason: One team's mistake, or one intruder, can take the whole cluster's capacity; data is not touched.
#   reliability: medium
#   tags: [nsa:resource-policies, mitre:T1496, resources, namespace, referential]
#   features: [resource_quota_present=false]
#   kinds: [workloads]
#   inventory: [v1/ResourceQuota]
#   without_cel: CEL in an admission policy sees one object alone, and this policy needs the namespace's quotas.
#   rationale: >-
#     Limits hold a container, a quota holds all of a namespace: without one, a loop that creates pods or a stolen
#     credential that mines takes what the whole cluster has. Judged are the workloads and not the Namespace, which
#     has to exist before its quota can. A quota with a scope bounds some pods only and is not counted, and one that is
#     on its way but not yet applied is not seen, hence the reliability.
#   parameters:
#     resources:
#       type: array
#       items: {type: string}
#       default: [cpu, memory]
#       description: >-
#         Resources that some quota must bound; `cpu` is bound by `cpu`, `requests.cpu` or `limits.cpu`, also `pods` or
#         `count/jobs.batch`.
#     exemptNamespaces:
#       type: array
#       items: {type: string}
#       default: [kube-system, kube-public, kube-node-lease]
#       description: Namespaces that need no quota, or prefixes of names that end in `*`.
#   remediation:
#     - path: "{namespace}/ResourceQuota"
#       operation: create
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         How much the namespace gets is for the platform team to say. Once a quota bounds a resource, pods that set
#         neither a request nor a limit for it are refused.
package require_resource_quota

import data.lib.inventory
import data.lib.kubernetes as k8s
import data.lib.names

default resources := ["cpu", "memory"]

resources := input.parameters.resources if is_array(input.parameters.resources)

default exempt_namespaces := ["kube-system", "kube-public", "kube-node-lease"]

exempt_namespaces := input.parameters.exemptNamespaces if is_array(input.parameters.exemptNamespaces)

violation contains {"msg": msg, "details": {"path": "/metadata/namespace"}} if {
	k8s.pod_spec
	unbound := [resource | some resource in resources; is_string(resource); not resource in bound]
	count(unbound) > 0
	not exempt
	values := [k8s.label, concat(" and ", unbound), k8s.place]
	msg := sprintf("%s may use any amount of %s: no ResourceQuota in %s bounds it", values)
}

exempt if names.matches(k8s.namespace, exempt_namespaces)

bound contains resource if {
	some quota in inventory.objects("v1", "ResourceQuota")
	is_object(quota.spec.hard)
	not scoped(quota.spec)
	some name, amount in quota.spec.hard
	amount != null
	some resource in {name, trim_prefix(name, "requests."), trim_prefix(name, "limits.")}
}

scoped(spec) if not object.get(spec, "scopes", null) in {null, []}

scoped(spec) if not object.get(spec, "scopeSelector", null) in {null, {}}
