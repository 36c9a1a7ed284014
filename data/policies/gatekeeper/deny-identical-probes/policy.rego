# METADATA
# title: Deny liveness probes that repeat readiness
# description: A liveness probe that makes the same check as the readiness probe must wait for longer before it fails.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
#     description: Liveness, readiness and startup probes
# custom:
#   id: deny-identical-probes
#   kind: JadeDenyIdenticalProbes
#   severity: medium
#   severity_reason: Under load all pods may restart at once, so that slowness becomes an outage; the load comes first.
#   reliability: high
#   tags: [availability, probes, container]
#   features: [probes.identical=true]
#   kinds: [workloads]
#   container_lists:
#     lists: [containers]
#     reason: >-
#       An ephemeral container takes no probes, and an init container ends before the pod serves or stands beside what
#       serves.
#   rationale: >-
#     A pod that fails readiness only stops getting requests, so that it can recover. Where the liveness probe asks the
#     same and gives up as early, the container is killed at the very moment when it should be left in peace, and its
#     load falls upon the next pod. What liveness asks should not depend on load or on other services; where one
#     endpoint must do for both, liveness has to allow more time (`periodSeconds` times `failureThreshold`).
#   parameters:
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that this policy leaves alone, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{container}/livenessProbe/failureThreshold"
#       operation: set
#       value: 10
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         Ten failures take longer than readiness with its usual three. Better is an endpoint of its own for liveness,
#         which only the owner can name.
package deny_identical_probes

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
