# METADATA
# title: Deny container runtime sockets
# description: A pod must not mount the socket of a container runtime, nor a directory of its node that holds one.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Volumes, hostPath
#   - ref: https://docs.docker.com/engine/security/#docker-daemon-attack-surface
#     description: Docker security, attack surface of the daemon
# custom:
#   id: deny-runtime-sockets
#   kind: JadeDenyRuntimeSockets
#   severity: critical
#   severity_reason: Who can talk to the runtime starts a privileged container on the node at will.
#   reliability: high
#   tags: [cis:5.2.11, nsa:pod-security, mitre:T1610, mitre:T1611, volume, host]
#   features: [volume.hostPath.runtimeSocket=true]
#   kinds: [workloads]
#   rationale: >-
#     The runtime's socket asks for no password: whoever reaches it starts containers on the node with any mount and any
#     privilege, reads the secrets of all others, and Kubernetes sees none of it. A read-only mount does not help, for a
#     socket is written to all the same. Builders without a daemon and the metrics of the kubelet do what it is used for.
#   parameters:
#     socketPaths:
#       type: array
#       items: {type: string}
#       default:
#         - /run/buildkit/buildkitd.sock
#         - /run/containerd/containerd.sock
#         - /run/cri-dockerd.sock
#         - /run/crio/crio.sock
#         - /run/docker.sock
#         - /run/k3s/containerd/containerd.sock
#         - /run/podman/podman.sock
#         - /var/run/buildkit/buildkitd.sock
#         - /var/run/containerd/containerd.sock
#         - /var/run/cri-dockerd.sock
#         - /var/run/crio/crio.sock
#         - /var/run/docker.sock
#         - /var/run/podman/podman.sock
#         - \\.\pipe\containerd-containerd
#         - \\.\pipe\docker_engine
#       description: >-
#         Sockets and named pipes that must stay out of reach; a list of your own takes the place of the default.
#   remediation:
#     - path: "{violation}"
#       operation: replace-volume-source
#       value: {emptyDir: {}}
#       behaviour_changing: true
#       needs_human: true
#       note: Whatever called the runtime must build, list or measure in another way; only its owner knows what it did.
package deny_runtime_sockets

import data.lib.kubernetes as k8s
import data.lib.volumes

default socket_paths := [
	"/run/buildkit/buildkitd.sock",
	"/run/containerd/containerd.sock",
	"/run/cri-dockerd.sock",
	"/run/crio/crio.sock",
	"/run/docker.sock",
	"/run/k3s/containerd/containerd.sock",
	"/run/podman/podman.sock",
	"/var/run/buildkit/buildkitd.sock",
	"/var/run/containerd/containerd.sock",
	"/var/run/cri-dockerd.sock",
	"/var/run/crio/crio.sock",
	"/var/run/docker.sock",
	"/var/run/podman/podman.sock",
	`\\.\pipe\containerd-containerd`,
	`\\.\pipe\docker_engine`,
]

socket_paths := input.parameters.socketPaths if is_array(input.parameters.socketPaths)

sockets := volumes.places(socket_paths)

violation contains {"msg": msg, "details": {"path": volume.pointer}} if {
	some volume in volumes.host_paths
	volumes.above(volume.place, sockets)
	msg := sprintf("%s mounts %v of its node, where the container runtime listens", [k8s.label, volume.path])
}
