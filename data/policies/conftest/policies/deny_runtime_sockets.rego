# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_runtime_sockets

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
