package deny_hostpath_volumes_test

import data.deny_hostpath_volumes
import data.lib.testing

host(path) := {"name": "node", "hostPath": {"path": path}}

test_denied if {
	found := deny_hostpath_volumes.violation with input as testing.deployment({"volumes": [{"emptyDir": {}}, host("/etc")]})
	testing.paths(found) == {"/spec/template/spec/volumes/1/hostPath"}
	testing.messages(found) == {`Deployment "shop/cart" mounts /etc of its node`}
}

test_denied_without_a_path if {
	every source in [{}, "/etc", []] {
		found := deny_hostpath_volumes.violation with input as testing.pod({"volumes": [{"hostPath": source}]})
		testing.messages(found) == {`Pod "shop/cart" mounts a path of its node`}
	}
}

test_allowed if {
	every volumes in [[], null, {"a": host("/etc")}, [null, "node", {"name": "x", "emptyDir": {}}, {"hostPath": null}]] {
		count(deny_hostpath_volumes.violation) == 0 with input as testing.pod({"volumes": volumes})
	}
}

test_allowed_by_parameter if {
	every path in ["/var/log", "/var/log/", "/var/log/pods"] {
		spec := {"volumes": [host(path)]}
		count(deny_hostpath_volumes.violation) == 0 with input as testing.pod_with({"allowedPaths": ["/var/log"]}, spec)
	}
}

test_not_below_the_allowed_path if {
	every path in ["/var", "/var/logs", "/var/log/../lib", "", 5] {
		spec := {"volumes": [host(path)]}
		count(deny_hostpath_volumes.violation) == 1 with input as testing.pod_with({"allowedPaths": ["/var/log/"]}, spec)
	}
}
