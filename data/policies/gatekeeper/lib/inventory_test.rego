package lib.inventory_test

import data.lib.inventory

service(name) := {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}}

held := {
	"cluster": {"v1": {"Service": {"open": service("open")}}},
	"namespace": {
		"default": {"v1": {"Service": {"default": service("default")}}},
		"shop": {"v1": {"Service": {"cart": service("cart"), "broken": null}, "Pod": {"cart": {}}}},
		"web": {"v1": {"Service": {"front": service("front")}}, "apps/v1": {"Service": {"other": service("other")}}},
	},
}

pod_in(metadata) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "metadata": metadata}}}

named(objects) := {object.metadata.name | some object in objects}

test_objects_of_the_same_namespace if {
	found := inventory.objects("v1", "Service") with input as pod_in({"namespace": "shop"}) with data.inventory as held
	named(found) == {"cart"}
}

test_an_open_namespace_sees_what_is_open_and_what_is_in_default if {
	found := inventory.objects("v1", "Service") with input as pod_in({}) with data.inventory as held
	named(found) == {"open", "default"}
}

test_everywhere if {
	found := inventory.everywhere("v1", "Service") with input as pod_in({"namespace": "shop"}) with data.inventory as held
	named(found) == {"open", "default", "cart", "front"}
}

test_nothing_is_held if {
	every metadata in [{}, {"namespace": "shop"}, {"namespace": "gone"}, null] {
		every inventory_held in [{}, {"cluster": {}, "namespace": {}}, {"cluster": null, "namespace": {"shop": null, "default": 5}}] {
			inventory.objects("v1", "Service") == [] with input as pod_in(metadata) with data.inventory as inventory_held
			inventory.everywhere("v1", "Service") == [] with input as pod_in(metadata) with data.inventory as inventory_held
		}
	}
}
