# Generated from data/policies/gatekeeper; change that and run `make policies`.
# METADATA
# title: Volumes of a pod
# description: What of its node a pod mounts, computed once for all policies that ask.
# scope: package
package lib.volumes

import data.lib.kubernetes as k8s

# Every hostPath volume: {"name": …, "path": as written, "pointer": "/spec/volumes/0/hostPath", "place": normal form}.
# Where the path is missing, no text or climbs with "..", its place is "/": it may lead anywhere.
host_paths := [volume |
	is_array(k8s.pod_spec.volumes)
	some index, spec in k8s.pod_spec.volumes
	spec.hostPath != null
	path := object.get(spec, ["hostPath", "path"], null)
	volume := {
		"name": object.get(spec, "name", null),
		"path": path,
		"place": place(path),
		"pointer": concat("/", [k8s.pod_spec_pointer, "volumes", format_int(index, 10), "hostPath"]),
	}
]

# The normal form of a path: `/var//log/.` is `/var/log/`. One lies at or below another where it starts with it.
place(path) := concat("", ["/", concat("", [concat("", [part, "/"]) | some part in parts; not part in {"", "."}])]) if {
	is_string(path)
	parts := split(path, "/")
	not ".." in parts
} else := "/"

# The places of a parameter's paths, which are taken as written. What is no text or climbs names no place.
places(paths) := {place |
	some path in paths
	is_string(path)
	not ".." in split(path, "/")
	place := concat("", [trim_right(concat("", ["/", trim(path, "/")]), "/"), "/"])
}

# Whether a place lies at or below one of `others`.
below(place, others) if {
	some other in others
	startswith(place, other)
}

# Whether a place is one of `others`, or holds one of them.
above(place, others) if {
	some other in others
	startswith(other, place)
}
