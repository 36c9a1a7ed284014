package deny_system_priority_classes_test

import data.deny_system_priority_classes
import data.lib.testing

class(name) := {"priorityClassName": name, "containers": []}

in_namespace(namespace, name) := {"review": {"object": {
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"name": "dns", "namespace": namespace},
	"spec": class(name),
}}}

test_denied if {
	every name in ["system-cluster-critical", "system-node-critical"] {
		found := deny_system_priority_classes.violation with input as testing.deployment(class(name))
		testing.paths(found) == {"/spec/template/spec/priorityClassName"}
	}
}

test_message if {
	found := deny_system_priority_classes.violation with input as testing.pod(class("system-node-critical"))
	message := `Pod "shop/cart" takes priority class system-node-critical, which is kept for the system`
	testing.messages(found) == {message}
}

test_what_is_no_name_is_not_trusted if {
	every value in [["system-node-critical"], {}, 5, true] {
		count(deny_system_priority_classes.violation) == 1 with input as testing.pod(class(value))
	}
}

test_allowed if {
	every spec in [{}, class(null), class(""), class("shop-critical"), class("system")] {
		count(deny_system_priority_classes.violation) == 0 with input as testing.pod(spec)
	}
}

test_the_system_s_own_namespace if {
	count(deny_system_priority_classes.violation) == 0 with input as in_namespace("kube-system", "system-node-critical")
	every namespace in ["kube-systems", "", null, 5] {
		asked := in_namespace(namespace, "system-node-critical")
		count(deny_system_priority_classes.violation) == 1 with input as asked
	}
}

test_classes if {
	parameters := {"classes": ["platform"]}
	count(deny_system_priority_classes.violation) == 1 with input as testing.pod_with(parameters, class("platform"))
	ours := class("system-node-critical")
	count(deny_system_priority_classes.violation) == 0 with input as testing.pod_with(parameters, ours)
}

test_exempt_namespaces if {
	spec := class("system-node-critical")
	every namespaces in [["shop"], ["kube-*", "sh*"]] {
		asked := testing.pod_with({"exemptNamespaces": namespaces}, spec)
		count(deny_system_priority_classes.violation) == 0 with input as asked
	}
	count(deny_system_priority_classes.violation) == 1 with input as testing.pod_with({"exemptNamespaces": []}, spec)
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	count(deny_system_priority_classes.violation) == 1 with input as testing.pod_with({"classes": {"a": "platform"}}, class("system-node-critical"))
	count(deny_system_priority_classes.violation) == 1 with input as testing.pod_with({"exemptNamespaces": {"a": "shop"}}, class("system-node-critical"))
}
