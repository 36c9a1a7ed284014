# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.restrict_storage_classes

import data.lib.kubernetes as k8s
import data.lib.names

default allowed_classes := ["*"]

allowed_classes := input.parameters.allowedClasses if is_array(input.parameters.allowedClasses)

default require_class := true

require_class := input.parameters.requireClass if is_boolean(input.parameters.requireClass)

# The reviewed claim, or those that the workload makes for its pods, by their pointers.
claims[""] := k8s.resource if k8s.group_kind == "PersistentVolumeClaim"

claims[pointer] := claim if {
	is_array(k8s.resource.spec.volumeClaimTemplates)
	some index, template in k8s.resource.spec.volumeClaimTemplates
	claim := k8s.object_or_empty(template)
	pointer := concat("/", ["/spec/volumeClaimTemplates", format_int(index, 10)])
}

claims[pointer] := claim if {
	is_array(k8s.pod_spec.volumes)
	some index, volume in k8s.pod_spec.volumes
	claim := volume.ephemeral.volumeClaimTemplate
	is_object(claim)
	pointer := concat("/", [k8s.pod_spec_pointer, "volumes", format_int(index, 10), "ephemeral/volumeClaimTemplate"])
}

# The annotation is older than the field and wins where both are there.
beta_annotation := "volume.beta.kubernetes.io/storage-class"

violation contains {"msg": msg, "details": {"path": path}} if {
	some pointer, claim in claims
	annotated := object.get(claim, ["metadata", "annotations", beta_annotation], null)
	class := [value | some value in [annotated, object.get(claim, ["spec", "storageClassName"], null)]; value != null]
	not allowed(class)
	msg := sprintf("%s %s", [k8s.label, problem(class)])
	path := concat("", [pointer, field(annotated)])
}

field(null) := "/spec/storageClassName"

field(annotated) := concat("/", ["/metadata/annotations", k8s.pointer_token(beta_annotation)]) if annotated != null

allowed(class) if names.matches(class[0], allowed_classes)

allowed([]) if not require_class

problem([]) := "claims storage without naming its class"

problem(class) := sprintf("claims storage of class %v, which is not allowed", [class[0]])
