# METADATA
# title: What tests of policies are written with
# scope: package
package lib.testing

# Gatekeeper's input for a Pod with this spec.
pod(spec) := pod_with({}, spec)

pod_with(parameters, spec) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": "v1",
		"kind": "Pod",
		"metadata": {"name": "cart", "namespace": "shop"},
		"spec": spec,
	}},
}

# Gatekeeper's input for a Pod with one container.
container(fields) := container_with({}, fields)

container_with(parameters, fields) := pod_with(parameters, {"containers": [object.union({"name": "cart"}, fields)]})

deployment(spec) := {
	"parameters": {},
	"review": {"object": {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"name": "cart", "namespace": "shop"},
		"spec": {"template": {"metadata": {"labels": {"app": "cart"}}, "spec": spec}},
	}},
}

paths(violations) := {violation.details.path | some violation in violations}

messages(violations) := {violation.msg | some violation in violations}
