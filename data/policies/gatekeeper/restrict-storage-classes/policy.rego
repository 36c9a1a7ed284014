# METADATA
# title: Restrict storage classes
# description: Every claim for storage must name its class, one of those that are allowed.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/storage-classes/
#     description: Storage Classes
#   - ref: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#class-1
#     description: Persistent Volumes, the class of a claim
# custom:
#   id: restrict-storage-classes
#   kind: JadeRestrictStorageClasses
#   severity: low
#   severity_reason: Data ends up on slower, dearer or less safe disks than was meant; it is there, and read by nobody else.
#   reliability: high
#   tags: [storage]
#   features: [persistentVolumeClaim.storageClassName.allowed=false]
#   kinds: [workloads, PersistentVolumeClaim]
#   rationale: >-
#     The class decides whether data is encrypted, copied to another zone, and kept when the claim is deleted. A claim that
#     names none gets the default of the cluster, which is another one in each cluster and changes without the claim, and
#     the class of a claim can never be changed. By default any class is allowed as long as it is named; a platform team
#     lists its own.
#   parameters:
#     allowedClasses:
#       type: array
#       items: {type: string}
#       default: ["*"]
#       description: >-
#         Classes that are allowed, by name or by a prefix that ends in `*`. The empty name stands for claims of volumes
#         that exist already.
#     requireClass:
#       type: boolean
#       default: true
#       description: Whether a claim must name its class; otherwise it may leave it to the cluster's default.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: Which class the data needs is known only to its owner. An existing claim keeps its class, so it is a new one.
package restrict_storage_classes

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
