package lib.owners_test

import data.lib.owners

pod(metadata) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "metadata": metadata}}}

test_controlled if {
	references := [{"kind": "Node", "name": "n1"}, {"kind": "ReplicaSet", "name": "cart", "controller": true}]
	owners.controlled with input as pod({"ownerReferences": references})
}

test_not_controlled if {
	every metadata in [
		{},
		null,
		{"ownerReferences": null},
		{"ownerReferences": []},
		{"ownerReferences": [null, {}, {"controller": false}, {"controller": "true"}]},
		{"ownerReferences": {"controller": true}},
	] {
		not owners.controlled with input as pod(metadata)
	}
}
