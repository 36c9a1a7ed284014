package require_ingress_tls_test

import data.lib.testing
import data.require_ingress_tls

ingress_with(parameters, annotations, spec) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": "networking.k8s.io/v1",
		"kind": "Ingress",
		"metadata": {"name": "cart", "namespace": "shop", "annotations": annotations},
		"spec": spec,
	}},
}

ingress(spec) := ingress_with({}, {}, spec)

hosts_and_tls(hosts, tls) := ingress({"rules": [{"host": host} | some host in hosts], "tls": tls})

test_denied_without_tls if {
	found := require_ingress_tls.violation with input as ingress({"rules": [{"host": "cart.example.com"}]})
	testing.paths(found) == {"/spec/tls"}
	testing.messages(found) == {`Ingress "shop/cart" is served without TLS: spec.tls is missing`}
}

test_what_is_no_tls_is_missing if {
	every spec in [{}, null, "x", {"tls": null}, {"tls": []}, {"tls": {}}, {"tls": {"a": {}}}, {"tls": "x"}, {"tls": [null]}, {"tls": ["x"]}] {
		found := require_ingress_tls.violation with input as ingress(spec)
		testing.paths(found) == {"/spec/tls"}
	}
}

test_denied_where_a_host_is_left_out if {
	asked := hosts_and_tls(["cart.example.com", "orders.example.com"], [{"hosts": ["cart.example.com"]}])
	found := require_ingress_tls.violation with input as asked
	testing.paths(found) == {"/spec/rules/1/host"}
	testing.messages(found) == {`Ingress "shop/cart" serves orders.example.com without TLS: no entry of spec.tls names that host`}
}

test_denied_where_the_wildcard_does_not_reach if {
	every host in ["example.com", "a.cart.example.com", "cart.example.org", "cart", ".example.com", ["cart.example.com"], 5] {
		found := require_ingress_tls.violation with input as hosts_and_tls([host], [{"hosts": ["*.example.com"]}])
		testing.paths(found) == {"/spec/rules/0/host"}
	}
}

test_hosts_of_a_wrong_type_cover_nothing if {
	every hosts in ["cart.example.com", {}, {"a": "orders.example.com"}, [null], [5]] {
		found := require_ingress_tls.violation with input as hosts_and_tls(["cart.example.com"], [{"hosts": hosts}])
		testing.paths(found) == {"/spec/rules/0/host"}
	}
}

test_allowed if {
	every tls in [
		[{"hosts": ["cart.example.com"], "secretName": "cart-tls"}],
		[{"hosts": ["orders.example.com"]}, {"hosts": ["cart.example.com"]}],
		[{"hosts": ["*.example.com"]}],
		[{"secretName": "cart-tls"}],
		[{"hosts": []}],
		[{"hosts": null}],
	] {
		count(require_ingress_tls.violation) == 0 with input as hosts_and_tls(["cart.example.com"], tls)
	}
}

test_a_wildcard_is_for_the_shortest_label_too if {
	count(require_ingress_tls.violation) == 0 with input as hosts_and_tls(["c.example.com"], [{"hosts": ["*.example.com"]}])
}

test_rules_without_a_host_need_tls_only if {
	every rules in [[{}], [{"host": ""}], [{"host": null}], [null], [], null] {
		asked := ingress({"rules": rules, "tls": [{"hosts": ["cart.example.com"]}]})
		count(require_ingress_tls.violation) == 0 with input as asked
	}
}

test_a_certificate_that_an_annotation_names if {
	parameters := {"certificateAnnotations": ["alb.ingress.kubernetes.io/certificate-arn"]}
	arn := {"alb.ingress.kubernetes.io/certificate-arn": "arn:aws:acm:eu-west-1:111122223333:certificate/cart"}
	uncovered := {"rules": [{"host": "cart.example.com"}], "tls": [{"hosts": ["orders.example.com"]}]}
	every spec in [{}, uncovered] {
		count(require_ingress_tls.violation) == 0 with input as ingress_with(parameters, arn, spec)
		count(require_ingress_tls.violation) == 1 with input as ingress_with({}, arn, spec)
		every annotations in [null, {}, {"alb.ingress.kubernetes.io/certificate-arn": ""}, {"alb.ingress.kubernetes.io/certificate-arn": null}] {
			count(require_ingress_tls.violation) == 1 with input as ingress_with(parameters, annotations, spec)
		}
	}
	unread := {"certificateAnnotations": {"a": "alb.ingress.kubernetes.io/certificate-arn"}}
	count(require_ingress_tls.violation) == 1 with input as ingress_with(unread, arn, {})
}

test_nothing_but_ingresses_is_judged if {
	object := {"apiVersion": "networking.istio.io/v1", "kind": "Gateway", "spec": {"rules": [{"host": "cart.example.com"}]}}
	count(require_ingress_tls.violation) == 0 with input as {"review": {"object": object}}
}
