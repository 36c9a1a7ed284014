# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_sensitive_host_mounts

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
