package deny_load_balancers_test

import data.deny_load_balancers
import data.lib.testing

service_with(parameters, annotations, spec) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": "v1",
		"kind": "Service",
		"metadata": {"name": "edge", "namespace": "shop", "annotations": annotations},
		"spec": spec,
	}},
}

balanced(annotations) := service_with({}, annotations, {"type": "LoadBalancer"})

test_denied if {
	found := deny_load_balancers.violation with input as balanced({})
	testing.paths(found) == {"/spec/type"}
	testing.messages(found) == {concat("", [
		`Service "shop/edge" asks for a public load balancer: `,
		`spec.type is LoadBalancer and no annotation makes it internal`,
	])}
}

test_denied_where_no_annotation_makes_it_internal if {
	every annotations in [
		null,
		"x",
		{"networking.gke.io/load-balancer-type": "External"},
		{"networking.gke.io/load-balancer-type": null},
		{"service.beta.kubernetes.io/aws-load-balancer-internal": "false"},
		{"service.beta.kubernetes.io/aws-load-balancer-internal": true},
		{"team": "internal"},
	] {
		count(deny_load_balancers.violation) == 1 with input as balanced(annotations)
	}
}

test_a_type_that_is_none_is_not_trusted if {
	every type in ["loadBalancer", ["LoadBalancer"], 5, {}] {
		count(deny_load_balancers.violation) == 1 with input as service_with({}, {}, {"type": type})
	}
}

test_each_internal_annotation if {
	every annotations in [
		{"networking.gke.io/load-balancer-type": "Internal"},
		{"cloud.google.com/load-balancer-type": "Internal"},
		{"service.beta.kubernetes.io/aws-load-balancer-scheme": "internal"},
		{"service.beta.kubernetes.io/aws-load-balancer-internal": "true"},
		{"service.beta.kubernetes.io/azure-load-balancer-internal": "true"},
		{"service.beta.kubernetes.io/openstack-internal-load-balancer": "true"},
		{"service.beta.kubernetes.io/oci-load-balancer-internal": "true"},
		{"service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type": "private"},
		{"service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type": "intranet"},
	] {
		count(deny_load_balancers.violation) == 0 with input as balanced(object.union({"team": "shop"}, annotations))
	}
}

test_other_types_are_allowed if {
	every spec in [{"type": "ClusterIP"}, {"type": "NodePort"}, {"type": "ExternalName"}, {"type": ""}, {"type": null}, {}, null, "x"] {
		count(deny_load_balancers.violation) == 0 with input as service_with({}, {}, spec)
	}
}

test_other_annotations_by_parameter if {
	spec := {"type": "LoadBalancer"}
	parameters := {"internalAnnotations": ["lb.example.com/net=inside"]}
	count(deny_load_balancers.violation) == 0 with input as service_with(parameters, {"lb.example.com/net": "inside"}, spec)
	every annotations in [{"lb.example.com/net": "outside"}, {"networking.gke.io/load-balancer-type": "Internal"}] {
		count(deny_load_balancers.violation) == 1 with input as service_with(parameters, annotations, spec)
	}
}

test_only_core_services_are_judged if {
	every other in [["v1", "Secret"], ["serving.knative.dev/v1", "Service"]] {
		object := {"apiVersion": other[0], "kind": other[1], "spec": {"type": "LoadBalancer"}}
		count(deny_load_balancers.violation) == 0 with input as {"review": {"object": object}}
	}
}
