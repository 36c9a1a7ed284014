package deny_sensitive_host_mounts_test

import data.deny_sensitive_host_mounts
import data.lib.testing

host(path) := {"name": "node", "hostPath": {"path": path}}

test_denied if {
	volumes := [{"emptyDir": {}}, host("/etc/ssh"), host("/var/log")]
	found := deny_sensitive_host_mounts.violation with input as testing.deployment({"volumes": volumes})
	testing.paths(found) == {"/spec/template/spec/volumes/1/hostPath"}
	testing.messages(found) == {`Deployment "shop/cart" mounts the sensitive path /etc/ssh of its node`}
}

test_every_default_is_denied if {
	every path in [
		"/bin",
		"/boot",
		"/dev",
		"/etc",
		"/lib",
		"/lib64",
		"/opt/cni",
		"/proc",
		"/root",
		"/run/containerd",
		"/run/crio",
		"/run/docker.sock",
		"/sbin",
		"/sys",
		"/usr",
		"/var/lib/containerd",
		"/var/lib/containers",
		"/var/lib/docker",
		"/var/lib/etcd",
		"/var/lib/kubelet",
		"/var/run/containerd",
		"/var/run/crio",
		"/var/run/docker.sock",
	] {
		count(deny_sensitive_host_mounts.violation) == 1 with input as testing.pod({"volumes": [host(path)]})
	}
}

test_above_and_below_are_denied if {
	every path in ["/", "/var", "/var/lib", "/run/", "/opt", "/proc/1", "//etc/./", "/srv/../etc", "", null, 5] {
		count(deny_sensitive_host_mounts.violation) == 1 with input as testing.pod({"volumes": [host(path)]})
	}
	count(deny_sensitive_host_mounts.violation) == 1 with input as testing.pod({"volumes": [{"hostPath": {}}]})
}

test_allowed if {
	every path in ["/var/log", "/srv", "/run/flannel", "/etcd", "/var/lib/kubelet2", "/etc/localtime", "/usr/share/zoneinfo/Europe"] {
		count(deny_sensitive_host_mounts.violation) == 0 with input as testing.pod({"volumes": [host(path)]})
	}
	every volumes in [null, [], [null, {"hostPath": null}, {"name": "dev", "emptyDir": {}}]] {
		count(deny_sensitive_host_mounts.violation) == 0 with input as testing.pod({"volumes": volumes})
	}
}

test_parameters_take_the_place_of_the_default if {
	parameters := {"sensitivePaths": ["/srv"], "allowedPaths": ["/srv/public"]}
	spec := {"volumes": [host("/srv"), host("/srv/keys"), host("/srv/public/a"), host("/etc")]}
	found := deny_sensitive_host_mounts.violation with input as testing.pod_with(parameters, spec)
	testing.paths(found) == {"/spec/volumes/0/hostPath", "/spec/volumes/1/hostPath"}
	strict := {"allowedPaths": []}
	count(deny_sensitive_host_mounts.violation) == 1 with input as testing.pod_with(strict, {"volumes": [host("/etc/localtime")]})
}

test_parameters_of_another_type_are_not_given if {
	every value in ["/srv", null, {"a": "/etc"}] {
		sensitive := {"sensitivePaths": value}
		etc := {"volumes": [{"name": "node", "hostPath": {"path": "/etc"}}]}
		count(deny_sensitive_host_mounts.violation) == 1 with input as testing.pod_with(sensitive, etc)
		allowed := {"allowedPaths": value}
		zone := {"volumes": [{"name": "node", "hostPath": {"path": "/etc/localtime"}}]}
		count(deny_sensitive_host_mounts.violation) == 0 with input as testing.pod_with(allowed, zone)
	}
}
