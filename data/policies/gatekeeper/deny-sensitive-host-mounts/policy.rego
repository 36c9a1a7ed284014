# METADATA
# title: Deny sensitive host mounts
# description: A pod must not mount the directories of its node that hold the system, its devices or its secrets.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Volumes, hostPath
#   - ref: https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html
#     description: Filesystem Hierarchy Standard, what each directory holds
# custom:
#   id: deny-sensitive-host-mounts
#   kind: JadeDenySensitiveHostMounts
#   severity: high
#   severity_reason: These directories hold the keys of the node or the programs that it runs as root.
#   reliability: medium
#   tags: [cis:5.2.11, nsa:pod-security, mitre:T1552.001, mitre:T1611, volume, host]
#   features: [volume.hostPath.sensitive=true]
#   kinds: [workloads]
#   rationale: >-
#     Read, they give away the kubelet's key, the files of every pod, etcd or the password hashes; written, a cron job, a
#     unit or a CNI plug-in that the node runs as root. Mounting a directory above one of them mounts it too. Agents that
#     only measure the node read `/proc` and `/sys` and belong in a namespace of their own, hence the reliability.
#   parameters:
#     sensitivePaths:
#       type: array
#       items: {type: string}
#       default:
#         - /bin
#         - /boot
#         - /dev
#         - /etc
#         - /lib
#         - /lib64
#         - /opt/cni
#         - /proc
#         - /root
#         - /run/containerd
#         - /run/crio
#         - /run/docker.sock
#         - /sbin
#         - /sys
#         - /usr
#         - /var/lib/containerd
#         - /var/lib/containers
#         - /var/lib/docker
#         - /var/lib/etcd
#         - /var/lib/kubelet
#         - /var/run/containerd
#         - /var/run/crio
#         - /var/run/docker.sock
#       description: >-
#         Paths that must not be mounted, with everything below them and whatever holds them (`/` holds all); a list of
#         your own takes the place of the default.
#     allowedPaths:
#       type: array
#       items: {type: string}
#       default: [/etc/localtime, /usr/share/zoneinfo]
#       description: Paths that may be mounted all the same, with everything below them.
#   remediation:
#     - path: "{violation}"
#       operation: replace-volume-source
#       value: {emptyDir: {}}
#       behaviour_changing: true
#       needs_human: true
#       note: Which file of the directory is needed, and where else it can come from, is known only to the owner.
package deny_sensitive_host_mounts

import data.lib.kubernetes as k8s
import data.lib.volumes

default sensitive_paths := [
	"/bin",
	"/boot",
	"/dev",
	"/etc",
	"/lib",
	"/lib64",
	"/opt/cni",
	"/proc",
	"/root",
	"/run/containerd",
	"/run/crio",
	"/run/docker.sock",
	"/sbin",
	"/sys",
	"/usr",
	"/var/lib/containerd",
	"/var/lib/containers",
	"/var/lib/docker",
	"/var/lib/etcd",
	"/var/lib/kubelet",
	"/var/run/containerd",
	"/var/run/crio",
	"/var/run/docker.sock",
]

sensitive_paths := input.parameters.sensitivePaths if is_array(input.parameters.sensitivePaths)

default allowed_paths := ["/etc/localtime", "/usr/share/zoneinfo"]

allowed_paths := input.parameters.allowedPaths if is_array(input.parameters.allowedPaths)

sensitive_places := volumes.places(sensitive_paths)

allowed_places := volumes.places(allowed_paths)

violation contains {"msg": msg, "details": {"path": volume.pointer}} if {
	some volume in volumes.host_paths
	sensitive(volume.place)
	not volumes.below(volume.place, allowed_places)
	msg := sprintf("%s mounts the sensitive path %v of its node", [k8s.label, volume.path])
}

sensitive(place) if volumes.below(place, sensitive_places)

sensitive(place) if volumes.above(place, sensitive_places)
