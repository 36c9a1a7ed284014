# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_system_priority_classes

import data.lib.kubernetes as k8s
import data.lib.names

default classes := ["system-cluster-critical", "system-node-critical"]

classes := input.parameters.classes if is_array(input.parameters.classes)

default exempt_namespaces := ["kube-system"]

exempt_namespaces := input.parameters.exemptNamespaces if is_array(input.parameters.exemptNamespaces)

violation contains {"msg": msg, "details": {"path": path}} if {
	name := k8s.pod_spec.priorityClassName
	reserved(name)
	not exempt
	msg := sprintf("%s takes priority class %v, which is kept for the system", [k8s.label, name])
	path := concat("/", [k8s.pod_spec_pointer, "priorityClassName"])
}

reserved(name) if name in classes

# What is no name is not trusted to be another.
reserved(name) if not type_name(name) in {"null", "string"}

exempt if names.matches(k8s.namespace, exempt_namespaces)
