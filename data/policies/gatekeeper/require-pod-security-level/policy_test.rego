package require_pod_security_level_test

import data.lib.testing
import data.require_pod_security_level

namespace_with(parameters, name, labels) := {
	"parameters": parameters,
	"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}},
}

namespace(labels) := namespace_with({}, "shop", labels)

level(value) := {"pod-security.kubernetes.io/enforce": value}

test_denied if {
	every labels in [
		null,
		{},
		"baseline",
		level(null),
		level(""),
		level("privileged"),
		level("Baseline"),
		level(["baseline"]),
		{"pod-security.kubernetes.io/warn": "baseline"},
	] {
		found := require_pod_security_level.violation with input as namespace(labels)
		testing.paths(found) == {"/metadata/labels/pod-security.kubernetes.io~1enforce"}
	}
}

test_messages if {
	every labels in [{}, level(""), level(null)] {
		found := require_pod_security_level.violation with input as namespace(labels)
		testing.messages(found) == {`Namespace "shop" enforces no Pod Security level`}
	}
	privileged := require_pod_security_level.violation with input as namespace(level("privileged"))
	testing.messages(privileged) == {`Namespace "shop" enforces Pod Security level privileged, which is none of those that are allowed`}
}

test_allowed if {
	every value in ["baseline", "restricted"] {
		count(require_pod_security_level.violation) == 0 with input as namespace(level(value))
	}
	pod := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "cart"}}}}
	count(require_pod_security_level.violation) == 0 with input as pod
}

test_levels if {
	restricted := {"levels": ["restricted"]}
	count(require_pod_security_level.violation) == 1 with input as namespace_with(restricted, "shop", level("baseline"))
	count(require_pod_security_level.violation) == 0 with input as namespace_with(restricted, "shop", level("restricted"))
}

test_exempt_namespaces if {
	count(require_pod_security_level.violation) == 0 with input as namespace_with({}, "kube-system", {})
	agents := {"exemptNamespaces": ["agents-*"]}
	count(require_pod_security_level.violation) == 0 with input as namespace_with(agents, "agents-logs", {})
	count(require_pod_security_level.violation) == 1 with input as namespace_with(agents, "kube-system", {})
}

test_a_namespace_without_a_name_is_not_exempt if {
	every name in [null, ["kube-system"], 5] {
		count(require_pod_security_level.violation) == 1 with input as namespace_with({}, name, {})
	}
	no_metadata := {"review": {"object": {"apiVersion": "v1", "kind": "Namespace"}}}
	count(require_pod_security_level.violation) == 1 with input as no_metadata
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	every parameters in [{"levels": "privileged"}, {"exemptNamespaces": {"a": "shop"}}] {
		count(require_pod_security_level.violation) == 1 with input as namespace_with(parameters, "shop", level("privileged"))
		count(require_pod_security_level.violation) == 0 with input as namespace_with(parameters, "shop", level("baseline"))
	}
}
