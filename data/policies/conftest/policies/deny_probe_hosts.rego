# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_probe_hosts

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
