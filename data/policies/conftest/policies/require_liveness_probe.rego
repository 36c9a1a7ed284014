# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_liveness_probe

import data.lib.images
import data.lib.jobs
import data.lib.kubernetes as k8s

default run_to_completion := false

run_to_completion := input.parameters.runToCompletion if is_boolean(input.parameters.runToCompletion)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

judged if not jobs.run_to_completion

judged if run_to_completion

# A probe that names no way to ask is none.
probed contains container.pointer if {
	some container in k8s.containers
	some field, handler in container.spec.livenessProbe
	field in {"exec", "grpc", "httpGet", "tcpSocket"}
	is_object(handler)
}

violation contains {"msg": msg, "details": {"path": path}} if {
	judged
	some container in k8s.containers
	container.field == "containers"
	not container.pointer in probed
	not images.exempt(container, exempt_images)
	msg := sprintf("%s has no liveness probe: if it hangs, nothing restarts it", [container.label])
	path := concat("/", [container.pointer, "livenessProbe"])
}
