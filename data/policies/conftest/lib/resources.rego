# Generated from data/policies/gatekeeper; change that and run `make policies`.
# METADATA
# title: Resource requests and limits
# description: >-
#   What each container asks for and may use at most, computed once for all policies that ask. Zero and what is no
#   quantity count as unset.
# scope: package
package lib.resources

import data.lib.kubernetes as k8s

# The containers and init containers with their limits; the API server refuses `resources` on an ephemeral container.
# What Kubernetes takes for the pod as a whole holds for each container that says nothing itself.
# {"field": "containers", "index": 0, "limits": {"cpu": "500m"}, "spec": {…}}
with_limits := [held |
	some container in k8s.containers
	container.field != "ephemeralContainers"
	limits := object.union(of_pod.limits, positive(container.spec, "limits"))
	held := {"field": container.field, "index": container.index, "limits": limits, "spec": container.spec}
]

# The same containers, in the same order, with their requests. A rule of its own, since most policies ask for one side.
with_requests := [held |
	some container in k8s.containers
	container.field != "ephemeralContainers"
	requests := object.union(of_pod.requests, positive(container.spec, "requests"))
	held := {"field": container.field, "index": container.index, "requests": requests, "spec": container.spec}
]

of_pod := {"limits": positive(k8s.pod_spec, "limits"), "requests": positive(k8s.pod_spec, "requests")}

# The quantities above zero of a container's or pod's requests or limits, by resource.
positive(spec, field) := {resource: quantity |
	some resource, quantity in object.get(spec, ["resources", field], null)
	above_zero(quantity)
}

above_zero(quantity) if {
	is_number(quantity)
	quantity > 0
}

# A regular expression and not `quantities.bytes`, which takes ten times as long.
above_zero(quantity) if {
	is_string(quantity)
	pattern := `^\+?(?:0*[1-9][0-9]*(?:\.[0-9]*)?|[0-9]*\.0*[1-9][0-9]*)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$`
	regex.match(pattern, quantity)
}
