package deny_hostpath_persistent_volumes_test

import data.deny_hostpath_persistent_volumes
import data.lib.testing

volume_with(parameters, name, spec) := {
	"parameters": parameters,
	"review": {"object": {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name}, "spec": spec}},
}

violations(spec) := found if {
	found := deny_hostpath_persistent_volumes.violation with input as volume_with({}, "orders", spec)
}

test_denied if {
	every source in [{"path": "/var/orders"}, {"path": null}, {}, "/var/orders", false, []] {
		testing.paths(violations({"hostPath": source})) == {"/spec/hostPath"}
	}
}

test_messages if {
	stated := violations({"hostPath": {"path": "/var/orders"}})
	testing.messages(stated) == {`PersistentVolume "orders" is a directory of its node: /var/orders`}
	testing.messages(violations({"hostPath": {}})) == {`PersistentVolume "orders" is a directory of its node: without a path`}
}

test_allowed if {
	every spec in [null, "x", {}, {"hostPath": null}, {"local": {"path": "/mnt/disk1"}}, {"csi": {"driver": "disk.example.com"}}] {
		count(violations(spec)) == 0
	}
	pod := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": {"hostPath": {"path": "/"}}}}}
	count(deny_hostpath_persistent_volumes.violation) == 0 with input as pod
}

test_exempt_volumes if {
	spec := {"hostPath": {"path": "/var/orders"}}
	every exempt in [["orders"], ["ord*"]] {
		count(deny_hostpath_persistent_volumes.violation) == 0 with input as volume_with({"exemptVolumes": exempt}, "orders", spec)
	}
	every exempt in [["cart"], {"a": "orders"}, null] {
		count(deny_hostpath_persistent_volumes.violation) == 1 with input as volume_with({"exemptVolumes": exempt}, "orders", spec)
	}
	every name in [null, ["orders"]] {
		count(deny_hostpath_persistent_volumes.violation) == 1 with input as volume_with({"exemptVolumes": ["orders"]}, name, spec)
	}
}
