# METADATA
# title: Deny hosts in probes and hooks
# description: No probe or lifecycle hook may name a `host`; the kubelet must ask the pod itself.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline, Host Probes / Lifecycle Hooks
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
#     description: Configure liveness, readiness and startup probes
# custom:
#   id: deny-probe-hosts
#   kind: JadeDenyProbeHosts
#   severity: medium
#   severity_reason: It only learns whether a port answers, but from the node, past every NetworkPolicy.
#   reliability: high
#   tags: [pss:baseline, nsa:network, mitre:T1046, network, probes]
#   features: [probe.host=true]
#   kinds: [workloads]
#   rationale: >-
#     The kubelet sends probes and hooks from the node. With `host` they go to an address that the pod's author picks:
#     the node's loopback services, the cloud's metadata server or a neighbour behind a NetworkPolicy, and whether the
#     pod turns ready tells what is there. Without `host` they go to the pod's own address, which is what is meant.
#   parameters:
#     allowedHosts:
#       type: array
#       items: {type: string}
#       default: []
#       description: Hosts that may be named, for instance `127.0.0.1` where pods with `hostNetwork` are admitted.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images whose containers may name any host, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: remove
#       behaviour_changing: true
#       needs_human: true
#       note: A server that listens on loopback only must listen on the pod's address first, or be asked with `exec`.
package deny_probe_hosts

import data.lib.images
import data.lib.kubernetes as k8s

default allowed_hosts := []

allowed_hosts := input.parameters.allowedHosts if is_array(input.parameters.allowedHosts)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	some probe in ["livenessProbe", "readinessProbe", "startupProbe"]
	some action, fields in container.spec[probe]
	action in {"httpGet", "tcpSocket"}
	host := fields.host
	other(host)
	not images.exempt(container, exempt_images)
	msg := sprintf("%s names the host %v in its %s", [container.label, host, probe])
	path := concat("/", [container.pointer, probe, action, "host"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	some hook, actions in container.spec.lifecycle
	hook in {"postStart", "preStop"}
	some action, fields in actions
	action in {"httpGet", "tcpSocket"}
	host := fields.host
	other(host)
	not images.exempt(container, exempt_images)
	msg := sprintf("%s names the host %v in its %s hook", [container.label, host, hook])
	path := concat("/", [container.pointer, "lifecycle", hook, action, "host"])
}

# An empty host is the pod's own address.
other(host) if {
	not host in {null, ""}
	not host in allowed_hosts
}
