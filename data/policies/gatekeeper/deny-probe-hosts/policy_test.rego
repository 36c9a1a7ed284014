package deny_probe_hosts_test

import data.deny_probe_hosts
import data.lib.testing

ask(action, host) := {action: {"host": host, "port": 8080}}

test_denied_in_each_probe_and_hook if {
	fields := {
		"livenessProbe": ask("httpGet", "localhost"),
		"readinessProbe": ask("tcpSocket", "10.0.0.7"),
		"startupProbe": ask("httpGet", "169.254.169.254"),
		"lifecycle": {"postStart": ask("httpGet", "web"), "preStop": ask("tcpSocket", "web")},
	}
	found := deny_probe_hosts.violation with input as testing.container(fields)
	testing.paths(found) == {
		"/spec/containers/0/livenessProbe/httpGet/host",
		"/spec/containers/0/readinessProbe/tcpSocket/host",
		"/spec/containers/0/startupProbe/httpGet/host",
		"/spec/containers/0/lifecycle/postStart/httpGet/host",
		"/spec/containers/0/lifecycle/preStop/tcpSocket/host",
	}
	`Container "cart" of Pod "shop/cart" names the host localhost in its livenessProbe` in testing.messages(found)
	`Container "cart" of Pod "shop/cart" names the host web in its preStop hook` in testing.messages(found)
}

test_denied_in_every_list if {
	container := {"livenessProbe": ask("httpGet", "web"), "lifecycle": {"preStop": ask("httpGet", "web")}}
	spec := {"containers": [container], "initContainers": [container], "ephemeralContainers": [container]}
	count(deny_probe_hosts.violation) == 6 with input as testing.deployment(spec)
}

test_what_is_no_name_is_not_trusted if {
	every host in [["web"], 5, {}, false] {
		count(deny_probe_hosts.violation) == 1 with input as testing.container({"livenessProbe": ask("httpGet", host)})
	}
}

test_allowed if {
	every fields in [
		{},
		{"livenessProbe": null, "lifecycle": null},
		{"livenessProbe": "x", "lifecycle": {"preStop": {"httpGet": "x"}, "postStart": null}},
		{"livenessProbe": ask("httpGet", null), "readinessProbe": ask("tcpSocket", "")},
		{"lifecycle": {"preStop": ask("httpGet", null), "postStart": ask("tcpSocket", "")}},
		{"customProbe": ask("httpGet", "web"), "lifecycle": {"custom": ask("httpGet", "web")}},
		{"livenessProbe": ask("grpc", "web"), "lifecycle": {"preStop": ask("grpc", "web")}},
		{"livenessProbe": {"httpGet": {"port": 80}}, "lifecycle": {"preStop": {"exec": {"command": ["x"]}}}},
	] {
		count(deny_probe_hosts.violation) == 0 with input as testing.container(fields)
	}
}

test_parameters if {
	parameters := {"allowedHosts": ["127.0.0.1"]}
	fields := {
		"livenessProbe": ask("httpGet", "127.0.0.1"),
		"readinessProbe": ask("httpGet", "10.0.0.7"),
		"lifecycle": {"preStop": ask("tcpSocket", "127.0.0.1")},
	}
	found := deny_probe_hosts.violation with input as testing.container_with(parameters, fields)
	testing.paths(found) == {"/spec/containers/0/readinessProbe/httpGet/host"}
}

test_exempt_image if {
	fields := {
		"image": "registry/cni:1",
		"livenessProbe": ask("httpGet", "127.0.0.1"),
		"lifecycle": {"preStop": ask("httpGet", "127.0.0.1")},
	}
	count(deny_probe_hosts.violation) == 0 with input as testing.container_with({"exemptImages": ["registry/*"]}, fields)
	count(deny_probe_hosts.violation) == 2 with input as testing.container_with({"exemptImages": ["other/*"]}, fields)
}
