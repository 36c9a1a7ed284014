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
# {"label": "Container \"cart\" of Pod \"shop/cart\"", "limits": {"cpu": "500m"}, "pointer": "/spec/containers/0", "spec": {…}}
with_limits := [held |
	some container in k8s.containers
	container.field != "ephemeralContainers"
	stated := {resource: quantity |
		some resource, quantity in container.spec.resources.limits
		above_zero(quantity)
	}
	held := {
		"label": container.label,
		"limits": object.union(pod_limits, stated),
		"pointer": container.pointer,
		"spec": container.spec,
	}
]

# The same containers, in the same order, with their requests. A rule of its own, since most policies ask for one side.
with_requests := [held |
	some container in k8s.containers
	container.field != "ephemeralContainers"
	stated := {resource: quantity |
		some resource, quantity in container.spec.resources.requests
		above_zero(quantity)
	}
	held := {
		"label": container.label,
		"pointer": container.pointer,
		"requests": object.union(pod_requests, stated),
		"spec": container.spec,
	}
]

pod_limits := {resource: quantity |
	some resource, quantity in k8s.pod_spec.resources.limits
	above_zero(quantity)
}

pod_requests := {resource: quantity |
	some resource, quantity in k8s.pod_spec.resources.requests
	above_zero(quantity)
}

# Text that is a quantity above zero. A regular expression and not `quantities.bytes`, which takes ten times as long.
positive := `^\+?(?:0*[1-9][0-9]*(?:\.[0-9]*)?|[0-9]*\.0*[1-9][0-9]*)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$`

above_zero(quantity) if {
	is_string(quantity)
	regex.match(positive, quantity)
}

above_zero(quantity) if {
	is_number(quantity)
	quantity > 0
}
