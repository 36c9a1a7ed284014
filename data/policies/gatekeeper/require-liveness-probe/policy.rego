# METADATA
# title: Require a liveness probe
# description: Every container of a pod that keeps running must have a liveness probe.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
#     description: Liveness, readiness and startup probes
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
#     description: How to configure probes
# custom:
#   id: require-liveness-probe
#   kind: JadeRequireLivenessProbe
#   severity: low
#   severity_reason: A process that hangs stays until somebody notices; one that crashes is restarted anyway.
#   reliability: medium
#   tags: [availability, probes, container]
#   features: [livenessProbe.missing=true]
#   kinds: [workloads]
#   container_lists:
#     lists: [containers]
#     reason: An ephemeral container takes no probes, and an init container ends by itself or stands beside what serves.
#   rationale: >-
#     The kubelet restarts a process that ends. One that deadlocks or loops keeps running, and only a liveness probe
#     tells the two apart. Pods that run to completion are left alone; a deadline fits those. A process that crashes
#     on every fault of its own does not strictly need the probe, hence the reliability.
#   parameters:
#     runToCompletion:
#       type: boolean
#       default: false
#       description: Whether pods with `restartPolicy` Never or OnFailure, such as those of Jobs, need one too.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that need no liveness probe, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{container}/livenessProbe"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         Only the owner knows what tells a hang from load or from a dependency that fails; a probe that mixes them up
#         restarts healthy pods.
package require_liveness_probe

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
