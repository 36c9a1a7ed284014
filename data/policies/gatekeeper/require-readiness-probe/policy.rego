# METADATA
# title: Require a readiness probe
# description: Every container of a pod that keeps running must have a readiness probe.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
#     description: Liveness, readiness and startup probes
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
#     description: How to configure probes
# custom:
#   id: require-readiness-probe
#   kind: JadeRequireReadinessProbe
#   severity: medium
#   severity_reason: Users see errors at each rollout and restart; nothing is exposed or lost by it.
#   reliability: medium
#   tags: [availability, probes, container]
#   features: [readinessProbe.missing=true]
#   kinds: [workloads]
#   container_lists:
#     lists: [containers]
#     reason: >-
#       An ephemeral container takes no probes, and an init container ends before the pod serves or stands beside what
#       serves.
#   rationale: >-
#     Without a readiness probe a container counts as ready the moment its process exists. A Service then sends it
#     requests while it still loads its data, and a rollout replaces the next pod although this one cannot answer yet.
#     Pods that run to completion serve nobody and are left alone. A worker that only reads a queue does not strictly
#     need the probe, hence the reliability.
#   parameters:
#     runToCompletion:
#       type: boolean
#       default: false
#       description: Whether pods with `restartPolicy` Never or OnFailure, such as those of Jobs, need one too.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that need no readiness probe, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{container}/readinessProbe"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: Which port, path or command tells that the container can serve is known only to its owner.
package require_readiness_probe

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
	some field, handler in container.spec.readinessProbe
	field in {"exec", "grpc", "httpGet", "tcpSocket"}
	is_object(handler)
}

violation contains {"msg": msg, "details": {"path": path}} if {
	judged
	some container in k8s.containers
	container.field == "containers"
	not container.pointer in probed
	not images.exempt(container, exempt_images)
	msg := sprintf("%s has no readiness probe: it gets requests before it can answer", [container.label])
	path := concat("/", [container.pointer, "readinessProbe"])
}
