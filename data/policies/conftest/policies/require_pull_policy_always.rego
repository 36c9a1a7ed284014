# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_pull_policy_always

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
