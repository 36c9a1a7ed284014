# METADATA
# title: Deny hostPath PersistentVolumes
# description: No PersistentVolume may be a directory of its node.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Volumes, hostPath
#   - ref: https://kubernetes.io/docs/concepts/storage/persistent-volumes/
#     description: Persistent Volumes
# custom:
#   id: deny-hostpath-persistent-volumes
#   kind: JadeDenyHostpathPersistentVolumes
#   severity: high
#   severity_reason: Pods that may mount no hostPath themselves get one through a claim; what they reach depends on the path.
#   reliability: high
#   tags: [mitre:T1611, nsa:pod-security, storage]
#   features: [persistentVolume.hostPath.set=true]
#   kinds: [PersistentVolume]
#   rationale: >-
#     The Pod Security Standards keep pods from the directories of their node, but a claim says nothing of what is behind
#     it: bound to such a volume, a restricted pod writes to the node all the same. The data is lost when the pod moves,
#     too. For disks of a node there are local volumes, which know to which node they belong.
#   parameters:
#     exemptVolumes:
#       type: array
#       items: {type: string}
#       default: []
#       description: PersistentVolumes that may be one, by name or by a prefix that ends in `*`; for instance those of a test cluster.
#   remediation:
#     - path: "{violation}"
#       operation: remove
#       behaviour_changing: true
#       needs_human: true
#       note: >-
#         Another source must take its place, of a CSI driver or `local` with a node affinity. The source of a volume cannot
#         be changed, so it is a new one, and somebody must copy the data.
package deny_hostpath_persistent_volumes

import data.lib.kubernetes as k8s
import data.lib.names

default exempt_volumes := []

exempt_volumes := input.parameters.exemptVolumes if is_array(input.parameters.exemptVolumes)

violation contains {"msg": msg, "details": {"path": "/spec/hostPath"}} if {
	k8s.group_kind == "PersistentVolume"
	source := k8s.resource.spec.hostPath
	source != null
	not exempt
	path := object.get(k8s.object_or_empty(source), "path", "without a path")
	msg := sprintf("%s is a directory of its node: %v", [k8s.label, path])
}

exempt if names.matches(k8s.metadata.name, exempt_volumes)
