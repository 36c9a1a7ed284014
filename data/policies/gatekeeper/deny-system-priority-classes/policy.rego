# METADATA
# title: Deny the system's priority classes
# description: No pod outside kube-system may have one of the priority classes that Kubernetes keeps for itself.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/administer-cluster/guaranteed-scheduling-critical-addon-pods/
#     description: Guaranteed scheduling for critical add-on pods
#   - ref: https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
#     description: Pod priority and preemption
# custom:
#   id: deny-system-priority-classes
#   kind: JadeDenySystemPriorityClasses
#   severity: medium
#   severity_reason: Such a pod can push every other off its node; it takes somebody who may create it.
#   reliability: high
#   tags: [scheduling, availability]
#   features: [priorityClassName=system]
#   kinds: [workloads]
#   rationale: >-
#     The classes system-node-critical and system-cluster-critical stand above all that users can define. A workload
#     that borrows one evicts everybody else when nodes run full, and is left alone when the kubelet frees memory. They
#     exist for what the cluster cannot run without: its network, its DNS, its storage drivers.
#   parameters:
#     classes:
#       type: array
#       items: {type: string}
#       default: [system-cluster-critical, system-node-critical]
#       description: Priority classes that are kept for the system.
#     exemptNamespaces:
#       type: array
#       items: {type: string}
#       default: [kube-system]
#       description: Namespaces whose pods may have them, as whole names or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: remove
#       behaviour_changing: true
#       needs_human: true
#       note: The pod then has the cluster's default priority. Which class of its own suits it only its owner knows.
package deny_system_priority_classes

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
