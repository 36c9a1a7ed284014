# METADATA
# title: Deny host namespaces
# description: A pod must not share the node's network, process or IPC namespace.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline, Host Namespaces
# custom:
#   id: deny-host-namespaces
#   kind: JadeDenyHostNamespaces
#   severity: high
#   severity_reason: The pod sees the node's processes or traffic, which leads to other pods' secrets.
#   reliability: high
#   tags: [pss:baseline, cis:5.2.3, cis:5.2.4, cis:5.2.5, nsa:pod-security, mitre:T1611, host]
#   features: [hostNetwork=true, hostPID=true, hostIPC=true]
#   kinds: [workloads]
#   rationale: >-
#     With `hostPID` a container reads the environment and memory maps of every process on the node, with `hostIPC` it
#     reaches their shared memory, and with `hostNetwork` it listens on the node's addresses, sees its loopback services
#     (the kubelet's among them) and escapes every NetworkPolicy.
#   parameters:
#     allowed:
#       type: array
#       items: {type: string, enum: [hostNetwork, hostPID, hostIPC]}
#       default: []
#       description: Host namespaces that may be shared, for instance `hostNetwork` where node agents run.
#   remediation:
#     - path: "{violation}"
#       operation: remove
#       behaviour_changing: true
#       needs_human: true
#       note: A process that watches the node stops working without it; only its owner knows whether it does.
package deny_host_namespaces

import data.lib.kubernetes as k8s

default allowed := []

allowed := input.parameters.allowed if is_array(input.parameters.allowed)

violation contains {"msg": msg, "details": {"path": path}} if {
	some field in ["hostNetwork", "hostPID", "hostIPC"]
	value := k8s.pod_spec[field]
	k8s.set(value)
	not field in allowed
	msg := sprintf("%s shares a namespace of its node: %s is %v", [k8s.label, field, value])
	path := concat("/", [k8s.pod_spec_pointer, field])
}
