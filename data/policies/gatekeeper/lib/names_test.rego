package lib.names_test

import data.lib.names
import data.lib.testing

test_whole_names_and_prefixes if {
	every patterns in [["cart"], ["orders", "cart"], ["ca*"], ["*"], ["cart*"]] {
		names.matches("cart", patterns)
	}
	every patterns in [[], ["car"], ["art"], ["*art"], ["orders*"], ["cart2*"], [null, 5]] {
		not names.matches("cart", patterns)
	}
	every name in [null, 5, ["cart"]] {
		not names.matches(name, ["cart", "*"])
	}
}

test_an_object_goes_by_its_name_or_kind_and_name if {
	every pattern in ["admin", "adm*", "ClusterRole/admin", "ClusterRole/*"] {
		names.matches_object("ClusterRole", "admin", [pattern])
	}
	every pattern in ["Role/admin", "ClusterRole", "Role/*", "edit"] {
		not names.matches_object("ClusterRole", "admin", [pattern])
	}
}

test_the_reviewed_object if {
	names.matches_resource(["cart"]) with input as testing.pod({})
	names.matches_resource(["Pod/ca*"]) with input as testing.pod({})
	not names.matches_resource(["Job/cart", "orders"]) with input as testing.pod({})
	not names.matches_resource(["*"]) with input as {"review": {"object": {"kind": "Pod", "metadata": {"name": null}}}}
	not names.matches_resource(["*"]) with input as {"review": {"object": {"kind": "Pod"}}}
}
