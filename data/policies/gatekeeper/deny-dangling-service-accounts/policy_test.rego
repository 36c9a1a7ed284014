package deny_dangling_service_accounts_test

import data.deny_dangling_service_accounts
import data.lib.testing

accounts(names) := {"v1": {"ServiceAccount": {name: {"metadata": {"name": name}} | some name in names}}}

in_shop(names) := {"namespace": {"shop": accounts(names)}}

unplaced := {"review": {"object": {
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"name": "cart"},
	"spec": {"serviceAccountName": "cart"},
}}}

test_denied if {
	every held in [{}, {"namespace": null}, in_shop([]), in_shop(["orders"]), {"namespace": {"web": accounts(["cart"])}}, {"cluster": accounts(["cart"])}] {
		asked := testing.deployment({"serviceAccountName": "cart"})
		found := deny_dangling_service_accounts.violation with input as asked with data.inventory as held
		testing.paths(found) == {"/spec/template/spec/serviceAccountName"}
	}
	every name in ["carts", ["cart"], 5] {
		spec := {"serviceAccountName": name, "serviceAccount": "cart"}
		found := deny_dangling_service_accounts.violation with input as testing.deployment(spec) with data.inventory as in_shop(["cart"])
		count(found) == 1
	}
	asked := testing.deployment({"serviceAccount": "cart"})
	found := deny_dangling_service_accounts.violation with input as asked with data.inventory as in_shop(["orders"])
	testing.paths(found) == {"/spec/template/spec/serviceAccount"}
}

test_messages if {
	placed := deny_dangling_service_accounts.violation with input as testing.pod({"serviceAccountName": "cart"})
		with data.inventory as {}
	testing.messages(placed) == {`Pod "shop/cart" runs as ServiceAccount "cart", which does not exist in namespace "shop"`}
	found := deny_dangling_service_accounts.violation with input as unplaced with data.inventory as in_shop(["cart"])
	testing.messages(found) == {`Pod "cart" runs as ServiceAccount "cart", which does not exist in its namespace`}
}

test_allowed if {
	every spec in [{"serviceAccountName": "cart"}, {"serviceAccount": "cart"}, {}, {"serviceAccountName": "default"}] {
		count(deny_dangling_service_accounts.violation) == 0 with input as testing.deployment(spec)
			with data.inventory as in_shop(["cart", "orders"])
	}
}

test_without_a_namespace_the_manifests_belong_together if {
	every held in [{"cluster": accounts(["cart"])}, {"namespace": {"default": accounts(["cart"])}}] {
		count(deny_dangling_service_accounts.violation) == 0 with input as unplaced with data.inventory as held
	}
}

test_known_service_accounts if {
	every patterns in [["cart"], ["c*"]] {
		asked := testing.pod_with({"knownServiceAccounts": patterns}, {"serviceAccountName": "cart"})
		count(deny_dangling_service_accounts.violation) == 0 with input as asked with data.inventory as {}
	}
	asked := testing.pod_with({"knownServiceAccounts": ["orders"]}, {"serviceAccountName": "cart"})
	count(deny_dangling_service_accounts.violation) == 1 with input as asked with data.inventory as {}
}

test_what_has_no_pods_is_left_alone if {
	service := {"review": {"object": {"apiVersion": "v1", "kind": "Service", "spec": {"serviceAccountName": "cart"}}}}
	count(deny_dangling_service_accounts.violation) == 0 with input as service with data.inventory as {}
}
