# METADATA
# title: Restrict AppArmor profiles
# description: No pod or container may run under another AppArmor profile than RuntimeDefault or Localhost.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline, AppArmor
#   - ref: https://kubernetes.io/docs/tutorials/security/apparmor/
#     description: Restrict a container's access to resources with AppArmor
# custom:
#   id: restrict-apparmor-profiles
#   kind: JadeRestrictAppArmorProfiles
#   severity: medium
#   severity_reason: It takes one layer of confinement away, and needs a further weakness to matter.
#   reliability: high
#   tags: [pss:baseline, nsa:pod-security, mitre:T1611, container]
#   features: [appArmorProfile.type=Unconfined]
#   kinds: [workloads]
#   rationale: >-
#     Where the node has AppArmor, the runtime's profile keeps a container from mounting, from tracing other processes
#     and from writing below `/proc` and `/sys`. `Unconfined` lifts all of that. Kubernetes before 1.30 reads the
#     profile from an annotation of the pod, which newer versions still honour.
#   parameters:
#     allowedTypes:
#       type: array
#       items: {type: string, enum: [RuntimeDefault, Localhost, Unconfined]}
#       default: [RuntimeDefault, Localhost]
#       description: Types of profile that may be named; they hold for the annotations of older versions too.
#     exemptImages:
#       type: array
#       items: {type: string}
#       default: []
#       description: Images that may run under any profile, as whole references or as prefixes that end in `*`.
#   remediation:
#     - path: "{violation}"
#       operation: remove
#       behaviour_changing: true
#       needs_human: true
#       note: A process that mounts or traces needs a profile of its own on the node; only its owner knows whether it does.
package restrict_apparmor_profiles

import data.lib.images
import data.lib.kubernetes as k8s

annotation_prefix := "container.apparmor.security.beta.kubernetes.io/"

# What the annotations call the types; a local profile is `localhost/` and its name.
annotation_values := {"RuntimeDefault": "runtime/default", "Unconfined": "unconfined"}

default allowed_types := ["RuntimeDefault", "Localhost"]

allowed_types := input.parameters.allowedTypes if is_array(input.parameters.allowedTypes)

default exempt_images := []

exempt_images := input.parameters.exemptImages if is_array(input.parameters.exemptImages)

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in k8s.containers
	type := container.security_context.appArmorProfile.type
	not type in {null, ""}
	not type in allowed_types
	not images.exempt(container, exempt_images)
	msg := sprintf("%s runs under the AppArmor profile %v", [container.label, type])
	path := concat("/", [container.pointer, "securityContext/appArmorProfile"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	type := k8s.pod_security_context.appArmorProfile.type
	not type in {null, ""}
	not type in allowed_types
	not images.all_exempt(k8s.containers, exempt_images)
	msg := sprintf("%s runs under the AppArmor profile %v", [k8s.label, type])
	path := concat("/", [k8s.pod_spec_pointer, "securityContext/appArmorProfile"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some key, profile in k8s.pod_annotations
	startswith(key, annotation_prefix)
	not profile in {null, ""}
	not named(profile)
	name := trim_prefix(key, annotation_prefix)
	not name in exempt_names
	msg := sprintf("Container %q of %s runs under the AppArmor profile %v", [name, k8s.label, profile])
	path := concat("/", [k8s.pod_template_pointer, "metadata/annotations", k8s.pointer_token(key)])
}

named(profile) if {
	some type in allowed_types
	profile == annotation_values[type]
}

named(profile) if {
	is_string(profile)
	startswith(profile, "localhost/")
	"Localhost" in allowed_types
}

exempt_names contains container.spec.name if {
	some container in k8s.containers
	images.exempt(container, exempt_images)
}
