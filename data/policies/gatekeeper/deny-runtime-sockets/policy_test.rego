package deny_runtime_sockets_test

import data.deny_runtime_sockets
import data.lib.testing

host(path) := {"name": "node", "hostPath": {"path": path}}

test_denied if {
	volumes := [{"emptyDir": {}}, host("/var/run/docker.sock")]
	found := deny_runtime_sockets.violation with input as testing.deployment({"volumes": volumes})
	testing.paths(found) == {"/spec/template/spec/volumes/1/hostPath"}
	testing.messages(found) == {`Deployment "shop/cart" mounts /var/run/docker.sock of its node, where the container runtime listens`}
}

test_every_default_is_denied if {
	every path in [
		"/run/buildkit/buildkitd.sock",
		"/run/containerd/containerd.sock",
		"/run/cri-dockerd.sock",
		"/run/crio/crio.sock",
		"/run/docker.sock",
		"/run/k3s/containerd/containerd.sock",
		"/run/podman/podman.sock",
		"/var/run/buildkit/buildkitd.sock",
		"/var/run/containerd/containerd.sock",
		"/var/run/cri-dockerd.sock",
		"/var/run/crio/crio.sock",
		"/var/run/docker.sock",
		"/var/run/podman/podman.sock",
		`\\.\pipe\containerd-containerd`,
		`\\.\pipe\docker_engine`,
	] {
		count(deny_runtime_sockets.violation) == 1 with input as testing.pod({"volumes": [host(path)]})
	}
}

test_what_holds_a_socket_is_denied if {
	every path in ["/", "/var", "/run/", "/var/run", "/run/containerd", "//run/./docker.sock", "/srv/../run", "", null, 5] {
		count(deny_runtime_sockets.violation) == 1 with input as testing.pod({"volumes": [host(path)]})
	}
	count(deny_runtime_sockets.violation) == 1 with input as testing.pod({"volumes": [{"hostPath": {}}]})
}

test_allowed if {
	every path in ["/var/log", "/run/flannel", "/var/run/docker.sock.bak", "/run/docker", "/etc"] {
		count(deny_runtime_sockets.violation) == 0 with input as testing.pod({"volumes": [host(path)]})
	}
	every volumes in [null, [], [null, {"hostPath": null}, {"name": "run", "emptyDir": {}}]] {
		count(deny_runtime_sockets.violation) == 0 with input as testing.pod({"volumes": volumes})
	}
}

test_parameters_take_the_place_of_the_default if {
	parameters := {"socketPaths": ["/run/frakti.sock"]}
	spec := {"volumes": [host("/run/frakti.sock"), host("/run/docker.sock")]}
	found := deny_runtime_sockets.violation with input as testing.pod_with(parameters, spec)
	testing.paths(found) == {"/spec/volumes/0/hostPath"}
}

test_a_parameter_of_another_type_is_not_given if {
	every value in ["/run/frakti.sock", null, {"a": "/run/frakti.sock"}] {
		parameters := {"socketPaths": value}
		count(deny_runtime_sockets.violation) == 1 with input as testing.pod_with(parameters, {"volumes": [host("/run/docker.sock")]})
	}
}
