# METADATA
# title: Require a read-only root filesystem
# description: Every container must set `securityContext.readOnlyRootFilesystem` to true.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Configure a security context for a Pod or container
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#emptydir
#     description: emptyDir, the place for files that a container writes
# custom:
#   id: require-read-only-root-filesystem
#   kind: JadeRequireReadOnlyRootFilesystem
#   severity: low
#   severity_reason: It hinders an attacker who is in the container already, and lets nobody in or out.
#   reliability: high
#   tags: [nsa:pod-security, container]
#   features: [securityContext.readOnlyRootFilesystem=false]
#   kinds: [workloads]
#   rationale: >-
#     An attacker who can write to a container's root filesystem replaces its programs, stores tools and leaves
#     something behind that the next request runs. A read-only one also shows which data a service keeps in a place
#     that is gone with its container. What has to be written, /tmp or a cache, gets an emptyDir of its own.
#   parameters:
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may write to their root filesystem, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{container}/securityContext/readOnlyRootFilesystem"
#       operation: set
#       value: true
#       behaviour_changing: true
#       needs_human: true
#       note: Each folder that the process writes to needs a volume; only its owner knows them all.
package require_read_only_root_filesystem

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

# The API server refuses the field on Windows.
violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.linux_containers
	object.get(container.security_context, "readOnlyRootFilesystem", null) != true
	not images.exempt(container, exempt_images)
	msg := sprintf(
		"%s can write to its root filesystem: set securityContext.readOnlyRootFilesystem to true",
		[container.label],
	)
	path := concat("/", [container.pointer, "securityContext/readOnlyRootFilesystem"])
}
