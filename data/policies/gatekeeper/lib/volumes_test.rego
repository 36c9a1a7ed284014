package lib.volumes_test

import data.lib.testing
import data.lib.volumes

test_host_paths if {
	listed := [null, "logs", {"name": "a", "emptyDir": {}}, {"name": "b", "hostPath": {"path": "/var/log"}}, {"hostPath": null}]
	found := volumes.host_paths with input as testing.deployment({"volumes": listed})
	found == [{"name": "b", "path": "/var/log", "place": "/var/log/", "pointer": "/spec/template/spec/volumes/3/hostPath"}]
}

test_a_path_that_cannot_be_read_may_lead_anywhere if {
	every source in [{}, "/etc", [], {"path": null}, {"path": 5}, {"path": ""}, {"path": "/srv/../etc"}] {
		found := volumes.host_paths with input as testing.pod({"volumes": [{"hostPath": source}]})
		[volume.place | some volume in found] == ["/"]
	}
}

test_without_volumes if {
	every listed in [null, "logs", {"a": {"hostPath": {}}}, []] {
		volumes.host_paths == [] with input as testing.pod({"volumes": listed})
	}
}

test_place if {
	volumes.place("/") == "/"
	volumes.place("/etc") == "/etc/"
	volumes.place("//var/./log/") == "/var/log/"
	volumes.place(`\\.\pipe\docker_engine`) == `/\\.\pipe\docker_engine/`
}

test_places if {
	paths := ["/", "/etc", "/var/log/", `\\.\pipe\docker_engine`]
	volumes.places(paths) == {"/", "/etc/", "/var/log/", `/\\.\pipe\docker_engine/`}
	volumes.places(["/srv/../etc", 5, null]) == set()
}

test_below if {
	volumes.below("/etc/cni/", {"/usr/", "/etc/"})
	volumes.below("/etc/", {"/etc/"})
	not volumes.below("/etc/", {"/etc/cni/"})
	not volumes.below("/etcd/", {"/etc/"})
	not volumes.below("/etc/", set())
}

test_above if {
	volumes.above("/run/", {"/run/docker.sock/"})
	volumes.above("/run/docker.sock/", {"/run/docker.sock/"})
	not volumes.above("/run/flannel/", {"/run/docker.sock/"})
	not volumes.above("/", set())
}
