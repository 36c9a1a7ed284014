package require_unique_ingress_hosts_test

import data.lib.testing
import data.require_unique_ingress_hosts

ingress(metadata, spec) := {
	"apiVersion": "networking.k8s.io/v1",
	"kind": "Ingress",
	"metadata": metadata,
	"spec": spec,
}

rule(host, paths) := {"host": host, "http": {"paths": [{"path": path} | some path in paths]}}

own := {"name": "cart", "namespace": "shop"}

reviewed_with(parameters, metadata, spec) := {
	"parameters": parameters,
	"review": {"object": ingress(metadata, spec)},
}

reviewed(spec) := reviewed_with({}, own, spec)

asked := reviewed({"rules": [rule("cart.example.com", ["/"])]})

held(ingresses) := {"networking.k8s.io/v1": {"Ingress": {one.metadata.name: one | some one in ingresses}}}

# What the cluster holds: the Ingress that is asked about itself, and another one with these fields.
beside(namespace, spec) := {"namespace": {namespace: held([ingress({"name": "other", "namespace": namespace}, spec)])}}

claimed(namespace, paths) := beside(namespace, {"rules": [rule("www.example.com", ["/"]), rule("cart.example.com", paths)]})

test_denied_in_another_namespace if {
	every paths in [["/"], ["/cart"], [], [null]] {
		found := require_unique_ingress_hosts.violation with input as asked with data.inventory as claimed("web", paths)
		testing.paths(found) == {"/spec/rules/0/host"}
		testing.messages(found) == {`Ingress "shop/cart" claims host "cart.example.com", and so does Ingress "web/other"`}
	}
}

test_denied_for_the_same_path if {
	every paths in [["/"], ["/cart", "/"], [], [""], [null], [5], ["/cart", null]] {
		count(require_unique_ingress_hosts.violation) == 1 with input as asked with data.inventory as claimed("shop", paths)
	}
	every http in [{}, null, "x", {"paths": null}, {"paths": {"a": {"path": "/cart"}}}] {
		inventory := beside("shop", {"rules": [{"host": "cart.example.com", "http": http}]})
		count(require_unique_ingress_hosts.violation) == 1 with input as asked with data.inventory as inventory
	}
}

test_paths_of_its_own_that_cannot_be_read if {
	every paths in [[], [""], [null], ["/orders", null]] {
		unread := reviewed({"rules": [rule("cart.example.com", paths)]})
		count(require_unique_ingress_hosts.violation) == 1 with input as unread with data.inventory as claimed("shop", ["/cart"])
	}
}

test_other_paths_of_the_same_namespace_are_allowed if {
	every paths in [["/cart"], ["/cart", "/orders"]] {
		count(require_unique_ingress_hosts.violation) == 0 with input as asked with data.inventory as claimed("shop", paths)
	}
}

test_other_hosts_are_allowed if {
	every rules in [[], null, {"a": rule("cart.example.com", ["/"])}, [null], [{}], [rule("orders.example.com", ["/"])], [rule(null, ["/"])]] {
		every namespace in ["shop", "web"] {
			inventory := beside(namespace, {"rules": rules})
			count(require_unique_ingress_hosts.violation) == 0 with input as asked with data.inventory as inventory
		}
	}
	count(require_unique_ingress_hosts.violation) == 0 with input as asked with data.inventory as beside("web", "x")
}

test_rules_without_a_host_claim_none if {
	every host in [null, "", 5, ["cart.example.com"]] {
		open := reviewed({"rules": [rule(host, ["/"])]})
		inventory := beside("web", {"rules": [rule(host, ["/"])]})
		count(require_unique_ingress_hosts.violation) == 0 with input as open with data.inventory as inventory
	}
}

test_it_does_not_stand_in_its_own_way if {
	rules := {"rules": [rule("cart.example.com", ["/"])]}
	inventory := {"namespace": {"shop": held([ingress(own, rules)])}}
	count(require_unique_ingress_hosts.violation) == 0 with input as asked with data.inventory as inventory
	same_name := {"namespace": {"web": held([ingress({"name": "cart", "namespace": "web"}, rules)])}}
	count(require_unique_ingress_hosts.violation) == 1 with input as asked with data.inventory as same_name
}

test_what_says_no_namespace_is_in_default if {
	rules := {"rules": [rule("cart.example.com", ["/"])]}
	every metadata in [{"name": "cart"}, {"name": "cart", "namespace": ""}, {"name": "cart", "namespace": "default"}] {
		unplaced := reviewed_with({}, metadata, rules)
		every known in [{"cluster": held([ingress({"name": "cart"}, rules)])}, {"namespace": {"default": held([ingress({"name": "cart", "namespace": "default"}, rules)])}}] {
			count(require_unique_ingress_hosts.violation) == 0 with input as unplaced with data.inventory as known
		}
		other := {"cluster": held([ingress({"name": "other"}, {"rules": [rule("cart.example.com", ["/cart"])]})])}
		count(require_unique_ingress_hosts.violation) == 0 with input as unplaced with data.inventory as other
	}
	found := require_unique_ingress_hosts.violation with input as asked with data.inventory as {"cluster": held([ingress({"name": "cart"}, rules)])}
	testing.messages(found) == {`Ingress "shop/cart" claims host "cart.example.com", and so does Ingress "default/cart"`}
}

test_two_classes_may_share_a_host if {
	rules := [rule("cart.example.com", ["/"])]
	inside := reviewed({"ingressClassName": "internal", "rules": rules})
	outside := beside("web", {"ingressClassName": "public", "rules": rules})
	count(require_unique_ingress_hosts.violation) == 0 with input as inside with data.inventory as outside
	every class in ["internal", "", null, 5] {
		inventory := beside("web", {"ingressClassName": class, "rules": rules})
		count(require_unique_ingress_hosts.violation) == 1 with input as inside with data.inventory as inventory
	}
}

test_classes_by_annotation if {
	spec := {"rules": [rule("cart.example.com", ["/"])]}
	inside := reviewed_with({}, object.union(own, {"annotations": {"kubernetes.io/ingress.class": "internal"}}), spec)
	count(require_unique_ingress_hosts.violation) == 0 with input as inside with data.inventory as beside("web", object.union(spec, {"ingressClassName": "public"}))
	count(require_unique_ingress_hosts.violation) == 1 with input as inside with data.inventory as beside("web", object.union(spec, {"ingressClassName": "internal"}))
	every class in ["", null, 5] {
		unread := reviewed_with({}, object.union(own, {"annotations": {"kubernetes.io/ingress.class": class}}), spec)
		count(require_unique_ingress_hosts.violation) == 1 with input as unread with data.inventory as beside("web", object.union(spec, {"ingressClassName": "public"}))
	}
}

test_shared_hosts if {
	spec := {"rules": [rule("cart.example.com", ["/"])]}
	inventory := claimed("web", ["/"])
	count(require_unique_ingress_hosts.violation) == 0 with input as reviewed_with({"sharedHosts": ["cart.example.com"]}, own, spec) with data.inventory as inventory
	every parameters in [{"sharedHosts": ["example.com"]}, {"sharedHosts": null}, {"sharedHosts": {"a": "cart.example.com"}}, null] {
		count(require_unique_ingress_hosts.violation) == 1 with input as reviewed_with(parameters, own, spec) with data.inventory as inventory
	}
}

test_each_rule_is_judged_and_all_claimants_are_named if {
	rules := [rule("orders.example.com", ["/"]), rule("cart.example.com", ["/"]), rule("www.example.com", ["/"])]
	inventory := object.union(claimed("web", ["/"]), claimed("edge", ["/"]))
	found := require_unique_ingress_hosts.violation with input as reviewed({"rules": rules}) with data.inventory as inventory
	testing.paths(found) == {"/spec/rules/1/host", "/spec/rules/2/host"}
	testing.messages(found) == {
		`Ingress "shop/cart" claims host "cart.example.com", and so does Ingress "edge/other", Ingress "web/other"`,
		`Ingress "shop/cart" claims host "www.example.com", and so does Ingress "edge/other", Ingress "web/other"`,
	}
}

test_nothing_but_ingresses_is_judged if {
	object := {"apiVersion": "networking.istio.io/v1", "kind": "Gateway", "spec": {"rules": [rule("cart.example.com", ["/"])]}}
	count(require_unique_ingress_hosts.violation) == 0 with input as {"review": {"object": object}} with data.inventory as claimed("web", ["/"])
}
