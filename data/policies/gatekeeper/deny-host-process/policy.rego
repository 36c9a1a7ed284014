# METADATA
# title: Deny HostProcess containers
# description: No Windows container may run as a process of its node with `windowsOptions.hostProcess`.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline, HostProcess
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/
#     description: Create a Windows HostProcess Pod
# custom:
#   id: deny-host-process
#   kind: JadeDenyHostProcess
#   severity: critical
#   severity_reason: A HostProcess container is no container at all; it holds the node as soon as it starts.
#   reliability: high
#   tags: [pss:baseline, cis:5.2.10, nsa:pod-security, mitre:T1611, container, windows]
#   features: [windowsOptions.hostProcess=true]
#   kinds: [workloads]
#   rationale: >-
#     A HostProcess container sees the files, network and devices of its Windows node and runs under an account of the
#     node, mostly SYSTEM. It is meant for network plug-ins and node agents, which belong in a namespace of their own.
#   parameters:
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may run as HostProcess, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       value: false
#       behaviour_changing: true
#       needs_human: true
#       note: A pod that is no longer HostProcess must give up `hostNetwork` and the node's account too.
package deny_host_process

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	value := container.security_context.windowsOptions.hostProcess
	k8s.set(value)
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s runs as a process of its node: windowsOptions.hostProcess is %v",
		[container.label, value],
	)
	path := concat("/", [container.pointer, "securityContext/windowsOptions/hostProcess"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	value := k8s.pod_security_context.windowsOptions.hostProcess
	k8s.set(value)
	not images.all_exempt(k8s.containers, exempt_images)
	msg := sprintf("%s runs as processes of its node: windowsOptions.hostProcess is %v", [k8s.label, value])
	path := concat("/", [k8s.pod_spec_pointer, "securityContext/windowsOptions/hostProcess"])
}
