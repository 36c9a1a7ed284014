# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_namespace_network_policy

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
