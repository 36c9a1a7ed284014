# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_resource_quota

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
