# METADATA
# title: Deny the latest tag
# description: Every image must be named by a tag other than `latest`, or by its digest.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/#image-names
#     description: Images, names, tags and digests
#   - ref: https://kubernetes.io/docs/concepts/configuration/overview/
#     description: Configuration best practices
# custom:
#   id: deny-latest-tag
#   kind: JadeDenyLatestTag
#   severity: medium
#   severity_reason: What runs changes without a review and cannot be rolled back; it opens no hole by itself.
#   reliability: high
#   tags: [supply-chain, nsa:supply-chain, mitre:T1525, image]
#   features: [image.tag=latest]
#   kinds: [workloads]
#   rationale: >-
#     `latest`, which is also meant where no tag is given, is whatever was pushed last. Two replicas of one Deployment
#     may run different programs, a restart is an unreviewed release, and there is nothing to roll back to. A container
#     without any image is left to the API server, which refuses or fills it in.
#   parameters:
#     mutableTags:
#       type: array
#       items: {type: string}
#       default: [latest]
#       description: Tags that are taken for moving ones, for instance `stable` or `main`.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may float, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{container}/image"
#       operation: set-tag
#       behaviour_changing: true
#       needs_human: true
#       note: Which release is meant is known from the registry or to the owner; best is the digest that runs now.
package deny_latest_tag

import data.lib.images
import data.lib.kubernetes as k8s

default mutable_tags := ["latest"]

mutable_tags := input.parameters.mutableTags if is_array(input.parameters.mutableTags)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	image := container.spec.image
	not image in {null, ""}
	problem := moving(image)
	not images.pinned_by_digest(image)
	not images.exempt(container, exempt_images)
	msg := sprintf("%s uses image %v, which %s", [container.label, image, problem])
	path := concat("/", [container.pointer, "image"])
}

moving(image) := "has no tag" if not images.tags[image]

moving(image) := sprintf("has the moving tag %q", [tag]) if {
	tag := images.tags[image]
	tag in mutable_tags
}
