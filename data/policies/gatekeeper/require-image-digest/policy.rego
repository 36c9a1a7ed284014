# METADATA
# title: Require image digests
# description: Every image must be named by its digest.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/#image-names
#     description: Images, names, tags and digests
# custom:
#   id: require-image-digest
#   kind: JadeRequireImageDigest
#   severity: low
#   severity_reason: Whoever may push to the registry can swap what runs; the right to push comes first.
#   reliability: high
#   tags: [supply-chain, nsa:supply-chain, mitre:T1525, image]
#   features: [image.digest=false]
#   kinds: [workloads]
#   rationale: >-
#     A tag is a name that can be moved: the same manifest may run another program tomorrow, on one node and not on the
#     next, and nobody sees that in the repository. A digest is computed from the content, so what was tested, scanned
#     and signed is what runs. Tools that update manifests keep digests current and leave the tag beside them. A
#     container without any image is left to the API server, which refuses or fills it in.
#   parameters:
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may go without a digest, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{container}/image"
#       operation: set
#       behaviour_changing: false
#       needs_human: true
#       note: >-
#         The digest of the tag that is meant is known to the registry alone; append it to the reference behind `@`.
#         What runs stays the same as long as it is the digest that runs now.
package require_image_digest

import data.lib.images
import data.lib.kubernetes as k8s

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	image := container.spec.image
	not image in {null, ""}
	not images.pinned_by_digest(image)
	not images.exempt(container, exempt_images)
	msg := sprintf("%s uses image %v, which no digest pins", [container.label, image])
	path := concat("/", [container.pointer, "image"])
}
