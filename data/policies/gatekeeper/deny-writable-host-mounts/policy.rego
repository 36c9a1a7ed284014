# METADATA
# title: Deny writable host mounts
# description: A container may mount a path of its node only read-only.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Volumes, hostPath
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#read-only-mounts
#     description: Volumes, read-only mounts
# custom:
#   id: deny-writable-host-mounts
#   kind: JadeDenyWritableHostMounts
#   severity: high
#   severity_reason: A file that is written to the node can be run there, and stays when the pod is gone.
#   reliability: high
#   tags: [cis:5.2.11, nsa:pod-security, mitre:T1611, container, volume, host]
#   features: [volumeMount.hostPath.writable=true]
#   kinds: [workloads]
#   rationale: >-
#     Who may write to the node can leave a cron job, a key or a plug-in behind, fill its disk, or change what other
#     pods read. An agent that reads logs or metrics needs none of that. Without `readOnly: true` a mount is writable.
#   parameters:
#     allowedPaths:
#       type: array
#       items: {type: string}
#       default: []
#       description: Paths of the node that may be written to, with everything below them (`/srv/cache`).
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may write to the node, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       value: true
#       behaviour_changing: true
#       needs_human: true
#       note: Whether the process writes there is known only to its owner; what it writes belongs in a claim.
package deny_writable_host_mounts

import data.lib.images
import data.lib.kubernetes as k8s
import data.lib.volumes

default allowed_paths := []

allowed_paths := input.parameters.allowedPaths if is_array(input.parameters.allowedPaths)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

allowed_places := volumes.places(allowed_paths)

violation contains {"msg": msg, "details": {"path": path}} if {
	some volume in volumes.host_paths
	not volumes.below(volume.place, allowed_places)
	some container in k8s.containers
	is_array(container.spec.volumeMounts)
	some index, mount in container.spec.volumeMounts
	mount.name == volume.name
	object.get(mount, "readOnly", false) != true
	not images.exempt(container, exempt_images)
	msg := sprintf("%s may write to %v of its node", [container.label, volume.path])
	path := concat("/", [container.pointer, "volumeMounts", format_int(index, 10), "readOnly"])
}
