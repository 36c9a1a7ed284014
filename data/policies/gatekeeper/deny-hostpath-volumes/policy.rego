# METADATA
# title: Deny hostPath volumes
# description: A pod must not mount a directory or file of its node.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
#     description: Pod Security Standards, baseline, HostPath Volumes
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Volumes, hostPath
# custom:
#   id: deny-hostpath-volumes
#   kind: JadeDenyHostPathVolumes
#   severity: high
#   severity_reason: A writable path of the node, or its container socket, is a way out of the container.
#   reliability: high
#   tags: [pss:baseline, cis:5.2.11, nsa:pod-security, mitre:T1611, volume]
#   features: [volume.hostPath=true]
#   kinds: [workloads]
#   rationale: >-
#     Through a hostPath volume a container reads the kubelet's credentials and other pods' files, and where it may
#     write it can plant a static pod, a cron job or a key. The data also stays behind when the pod moves to another
#     node. An emptyDir, a ConfigMap, a persistent volume claim or a local persistent volume does what is mostly wanted.
#   parameters:
#     allowedPaths:
#       type: array
#       items: {type: string}
#       default: []
#       description: Directories of the node that may be mounted, with everything below them (`/var/log`).
#   remediation:
#     - path: "{violation}"
#       operation: replace-volume-source
#       value: {emptyDir: {}}
#       behaviour_changing: true
#       needs_human: true
#       note: Whether the files must outlive the pod decides between an emptyDir and a claim; only the owner knows.
package deny_hostpath_volumes

import data.lib.kubernetes as k8s

default allowed_paths := []

allowed_paths := input.parameters.allowedPaths if is_array(input.parameters.allowedPaths)

violation contains {"msg": msg, "details": {"path": path}} if {
	is_array(k8s.pod_spec.volumes)
	some index, volume in k8s.pod_spec.volumes
	volume.hostPath != null
	node_path := object.get(volume, ["hostPath", "path"], "a path")
	not allowed(node_path)
	msg := sprintf("%s mounts %v of its node", [k8s.label, node_path])
	path := concat("/", [k8s.pod_spec_pointer, "volumes", format_int(index, 10), "hostPath"])
}

allowed(node_path) if {
	is_string(node_path)

	# A path that climbs out of the allowed directory is not below it.
	not ".." in split(node_path, "/")
	some directory in allowed_paths
	startswith(concat("", [trim_right(node_path, "/"), "/"]), concat("", [trim_right(directory, "/"), "/"]))
}
