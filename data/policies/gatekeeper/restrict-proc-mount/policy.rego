# METADATA
# title: Restrict the proc mount
# description: Every container must keep the runtime's masks over `/proc`, as `procMount` has it by default.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline, /proc Mount Type
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#proc-access
#     description: Configure a security context, proc mount
# custom:
#   id: restrict-proc-mount
#   kind: JadeRestrictProcMount
#   severity: high
#   severity_reason: Without the masks root in the container reaches kernel memory and settings, unless user namespaces hold it.
#   reliability: high
#   tags: [pss:baseline, nsa:pod-security, mitre:T1611, container]
#   features: [procMount=Unmasked]
#   kinds: [workloads]
#   rationale: >-
#     The runtime hides the parts of `/proc` that leak the kernel's memory and mounts the rest of its settings read-only.
#     `Unmasked` lifts both; it is made for containers that start containers, and safe for them only within a user
#     namespace of their own (`hostUsers: false`).
#   parameters:
#     allowedTypes:
#       type: array
#       items: {type: string, enum: [Default, Unmasked]}
#       default: [Default]
#       description: Types of proc mount that may be used.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may see `/proc` unmasked, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: remove
#       behaviour_changing: true
#       needs_human: true
#       note: A process that starts containers itself fails without it; only its owner knows whether it does.
package restrict_proc_mount

import data.lib.images
import data.lib.kubernetes as k8s

default allowed_types := ["Default"]

allowed_types := input.parameters.allowedTypes if is_array(input.parameters.allowedTypes)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	type := container.security_context.procMount
	not type in {null, ""}
	not type in allowed_types
	not images.exempt(container, exempt_images)
	msg := sprintf("%s mounts /proc as %v", [container.label, type])
	path := concat("/", [container.pointer, "securityContext/procMount"])
}
