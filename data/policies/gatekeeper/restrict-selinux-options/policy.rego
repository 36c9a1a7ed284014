# METADATA
# title: Restrict SELinux options
# description: No pod or container may choose a SELinux user, a role, or a type that confines less than a container's.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline, SELinux
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#assign-selinux-labels-to-a-container
#     description: Assign SELinux labels to a container
# custom:
#   id: restrict-selinux-options
#   kind: JadeRestrictSELinuxOptions
#   severity: high
#   severity_reason: A type such as spc_t takes SELinux away for good, but another weakness must follow to leave the container.
#   reliability: high
#   tags: [pss:baseline, nsa:pod-security, mitre:T1611, container]
#   features: [seLinuxOptions.type=other, seLinuxOptions.user=true, seLinuxOptions.role=true]
#   kinds: [workloads]
#   rationale: >-
#     On nodes with SELinux the type of a container says which files and processes of the node it may touch. A type of
#     the node, or a user and role with more rights, opens what the container's own type closes. The level, which keeps
#     containers apart from each other, may be chosen freely.
#   parameters:
#     allowedTypes:
#       type: array
#       items: {type: string}
#       default: [container_t, container_init_t, container_kvm_t, container_engine_t]
#       description: SELinux types that may be named; a list of your own takes the place of the default.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may have any SELinux options, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: remove
#       behaviour_changing: true
#       needs_human: true
#       note: A process that touches files of its node needs a policy module on the node; only its owner knows which files.
package restrict_selinux_options

import data.lib.images
import data.lib.kubernetes as k8s

default allowed_types := ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"]

allowed_types := input.parameters.allowedTypes if is_array(input.parameters.allowedTypes)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

# What each option may say, besides nothing.
allowed_values := {"role": [], "type": allowed_types, "user": []}

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	options := container.security_context.seLinuxOptions
	some field, allowed in allowed_values
	value := options[field]
	not value in {null, ""}
	not value in allowed
	not images.exempt(container, exempt_images)
	msg := sprintf("%s sets the SELinux %s %v", [container.label, field, value])
	path := concat("/", [container.pointer, "securityContext/seLinuxOptions", field])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	options := k8s.pod_security_context.seLinuxOptions
	some field, allowed in allowed_values
	value := options[field]
	not value in {null, ""}
	not value in allowed
	not images.all_exempt(k8s.containers, exempt_images)
	msg := sprintf("%s sets the SELinux %s %v", [k8s.label, field, value])
	path := concat("/", [k8s.pod_spec_pointer, "securityContext/seLinuxOptions", field])
}
