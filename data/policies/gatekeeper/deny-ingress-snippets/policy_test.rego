package deny_ingress_snippets_test

import data.deny_ingress_snippets
import data.lib.testing

ingress_with(parameters, annotations) := {
	"parameters": parameters,
	"review": {"object": {
		"apiVersion": "networking.k8s.io/v1",
		"kind": "Ingress",
		"metadata": {"name": "cart", "namespace": "shop", "annotations": annotations},
		"spec": {},
	}},
}

ingress(annotations) := ingress_with({}, annotations)

headers := "more_set_headers 'X-Shop: cart';"

test_denied if {
	found := deny_ingress_snippets.violation with input as ingress({
		"nginx.ingress.kubernetes.io/configuration-snippet": headers,
		"nginx.org/server-snippets": headers,
		"nginx.ingress.kubernetes.io/rewrite-target": "/",
	})
	testing.paths(found) == {
		"/metadata/annotations/nginx.ingress.kubernetes.io~1configuration-snippet",
		"/metadata/annotations/nginx.org~1server-snippets",
	}
	testing.messages(found) == {
		`Ingress "shop/cart" writes into the configuration of its controller: annotation nginx.ingress.kubernetes.io/configuration-snippet`,
		`Ingress "shop/cart" writes into the configuration of its controller: annotation nginx.org/server-snippets`,
	}
}

test_each_suffix if {
	every name in [
		"nginx.ingress.kubernetes.io/server-snippet",
		"nginx.ingress.kubernetes.io/auth-snippet",
		"nginx.ingress.kubernetes.io/modsecurity-snippet",
		"nginx.ingress.kubernetes.io/stream-snippet",
		"haproxy.org/backend-config-snippet",
		"nginx.org/location-snippets",
		"haproxy-ingress.github.io/config-backend",
		"haproxy-ingress.github.io/config-frontend",
		"haproxy-ingress.github.io/config-global",
	] {
		count(deny_ingress_snippets.violation) == 1 with input as ingress({name: headers})
	}
}

test_a_value_of_a_wrong_type_is_not_trusted if {
	every value in [5, true, false, ["x"], {}] {
		count(deny_ingress_snippets.violation) == 1 with input as ingress({"nginx.org/server-snippets": value})
	}
}

test_allowed if {
	every annotations in [
		{},
		null,
		"nginx.org/server-snippets",
		["nginx.org/server-snippets"],
		{"nginx.ingress.kubernetes.io/rewrite-target": "/"},
		{"nginx.ingress.kubernetes.io/configuration-snippet-count": "1"},
		{"nginx.org/server-snippets": ""},
		{"nginx.org/server-snippets": null},
	] {
		count(deny_ingress_snippets.violation) == 0 with input as ingress(annotations)
	}
}

test_other_suffixes_by_parameter if {
	parameters := {"annotationSuffixes": ["edge.example.com/lua", 5]}
	count(deny_ingress_snippets.violation) == 0 with input as ingress_with(parameters, {"nginx.org/server-snippets": headers})
}

test_a_whole_name_by_parameter if {
	parameters := {"annotationSuffixes": ["edge.example.com/lua"]}
	count(deny_ingress_snippets.violation) == 1 with input as ingress_with(parameters, {"edge.example.com/lua": headers})
	every unread in [null, {"annotationSuffixes": null}, {"annotationSuffixes": {"a": "edge.example.com/lua"}}] {
		count(deny_ingress_snippets.violation) == 0 with input as ingress_with(unread, {"edge.example.com/lua": headers})
		count(deny_ingress_snippets.violation) == 1 with input as ingress_with(unread, {"nginx.org/server-snippets": headers})
	}
}

test_nothing_but_ingresses_is_judged if {
	annotations := {"nginx.org/server-snippets": headers}
	object := {"apiVersion": "v1", "kind": "Service", "metadata": {"annotations": annotations}, "spec": {}}
	count(deny_ingress_snippets.violation) == 0 with input as {"review": {"object": object}}
}
