# METADATA
# title: Require the pull policy Always
# description: Every container must ask the registry for its image on each start.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy
#     description: Image pull policy, and what it is where nothing is said
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#alwayspullimages
#     description: The admission controller AlwaysPullImages
# custom:
#   id: require-pull-policy-always
#   kind: JadeRequirePullPolicyAlways
#   severity: low
#   severity_reason: It takes a shared node and a private image, or a tag that was pushed again, to matter.
#   reliability: high
#   tags: [supply-chain, image]
#   features: [imagePullPolicy.always=false]
#   kinds: [workloads]
#   rationale: >-
#     An image that lies on the node is started without a question under IfNotPresent and Never: also for a pod that has
#     no right to pull it, and also after the registry withdrew it. With Always the registry checks the credentials and
#     says what the tag means today; layers that are there are not loaded again, so it costs one request a start. Where
#     nothing is said, Kubernetes means Always for `latest` and IfNotPresent otherwise.
#   parameters:
#     requireExplicit:
#       type: boolean
#       default: false
#       description: Whether the policy must be written down where Kubernetes means Always anyway.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that need not be pulled again, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       value: Always
#       behaviour_changing: true
#       needs_human: false
#       note: An image that was only ever loaded onto the nodes, and that no registry holds, does not start any more.
package require_pull_policy_always

import data.lib.images
import data.lib.kubernetes as k8s

default require_explicit := false

require_explicit if input.parameters.requireExplicit == true

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	policy := object.get(container.spec, "imagePullPolicy", null)
	policy != "Always"
	not always_by_default(object.get(container.spec, "image", null), policy)
	not images.exempt(container, exempt_images)
	msg := sprintf("%s %s", [container.label, said(policy)])
	path := concat("/", [container.pointer, "imagePullPolicy"])
}

# What Kubernetes fills in is Always where the tag is `latest`, or where there is neither tag nor digest.
always_by_default(image, policy) if {
	policy in {null, ""}
	not require_explicit
	latest(image)
}

latest(image) if images.tags[image] == "latest"

latest(image) if {
	not images.tags[image]
	is_string(image)
	image != ""
	not contains(image, "@")
}

said(policy) := "sets no imagePullPolicy" if policy in {null, ""}

said(policy) := sprintf("has imagePullPolicy %v", [policy]) if not policy in {null, ""}
