# Generated from data/policies/gatekeeper; change that and run `make policies`.
# METADATA
# title: What the cluster holds
# description: >-
#   The objects of `data.inventory`, as Gatekeeper replicates them. A policy that imports this names the kinds under
#   `inventory` in its METADATA.
# scope: package
package lib.inventory

import data.lib.kubernetes as k8s

# The objects of a kind in the namespace of the reviewed object. Manifests that leave their namespace open belong
# together, and would be applied to `default`: replicated without a namespace, an object stands beside those of the
# cluster.
objects(api_version, kind) := [object |
	some objects_by_version in places
	some object in objects_by_version[api_version][kind]
	is_object(object)
]

# The objects of a kind in the whole cluster, those without a namespace included.
everywhere(api_version, kind) := array.concat(in_cluster, in_namespaces) if {
	in_cluster := [object |
		some object in data.inventory.cluster[api_version][kind]
		is_object(object)
	]
	in_namespaces := [object |
		some objects_by_version in data.inventory.namespace
		some object in objects_by_version[api_version][kind]
		is_object(object)
	]
}

places := [data.inventory.namespace[k8s.namespace]] if k8s.namespace

places := array.concat(beside, in_default) if {
	not k8s.namespace
	beside := [found | found := data.inventory.cluster]
	in_default := [found | found := data.inventory.namespace["default"]]
}
