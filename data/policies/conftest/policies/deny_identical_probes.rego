# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_identical_probes

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	container.field == "containers"
	liveness := container.spec.livenessProbe
	readiness := container.spec.readinessProbe
	some handler in ["exec", "grpc", "httpGet", "tcpSocket"]
	is_object(liveness[handler])
	liveness[handler] == readiness[handler]
	not waits_longer(liveness, readiness)
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s is restarted as soon as it is unready: both probes make the same %s check for as long",
		[container.label, handler],
	)
	path := concat("/", [container.pointer, "livenessProbe"])
}

waits_longer(liveness, readiness) if patience(liveness) > patience(readiness)

# Seconds of failure that a probe bears. Undefined where a field is no number.
patience(probe) := period * failures if {
	period := setting(probe, "periodSeconds", 10)
	failures := setting(probe, "failureThreshold", 3)
}

# The API server takes its default where a field is absent, null or 0.
setting(probe, field, fallback) := fallback if {
	object.get(probe, field, null) in {null, 0}
} else := probe[field] if {
	is_number(probe[field])
}
