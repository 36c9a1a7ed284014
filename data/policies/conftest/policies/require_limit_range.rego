# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_limit_range

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
