# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_unique_ingress_hosts

import data.lib.ingresses
import data.lib.inventory
import data.lib.kubernetes as k8s

default shared_hosts := []

shared_hosts := input.parameters.sharedHosts if is_array(input.parameters.sharedHosts)

violation contains {"msg": msg, "details": {"path": path}} if {
	some rule in ingresses.rules
	is_string(rule.host)
	rule.host != ""
	not rule.host in shared_hosts
	claimed_by := {label_of(other) | some other in others; claims(other, rule)}
	count(claimed_by) > 0
	msg := sprintf("%s claims host %q, and so does %s", [k8s.label, rule.host, concat(", ", claimed_by)])
	path := concat("/", [rule.pointer, "host"])
}

# The other Ingresses that go, or may go, to the same controller.
others := [other |
	ingresses.spec
	some other in inventory.everywhere("networking.k8s.io/v1", "Ingress")
	is_object(other.spec)
	not is_itself(other)
	not of_another_class(other)
]

is_itself(other) if {
	other.metadata.name == k8s.metadata.name
	namespace_of(other) == namespace_of(k8s.resource)
}

# What says no namespace would be applied to `default`.
namespace_of(object) := object.metadata.namespace if {
	is_string(object.metadata.namespace)
	object.metadata.namespace != ""
} else := "default"

# An Ingress without a class goes to the default one, and nobody here knows which that is.
of_another_class(other) if class_of(other) != class_of(k8s.resource)

class_of(object) := object.spec.ingressClassName if {
	is_string(object.spec.ingressClassName)
	object.spec.ingressClassName != ""
} else := class if {
	class := object.metadata.annotations["kubernetes.io/ingress.class"]
	is_string(class)
	class != ""
}

claims(other, rule) if {
	is_array(other.spec.rules)
	some theirs in other.spec.rules
	theirs.host == rule.host
	not apart(other, theirs, rule)
}

apart(other, theirs, rule) if {
	namespace_of(other) == namespace_of(k8s.resource)
	count(named_paths(theirs) & named_paths(rule.spec)) == 0
}

# Undefined where a rule takes every path, or where one of its paths cannot be read.
named_paths(rule) := {entry.path | some entry in rule.http.paths} if {
	is_array(rule.http.paths)
	count(rule.http.paths) > 0
	every entry in rule.http.paths {
		is_string(entry.path)
		entry.path != ""
	}
}

label_of(other) := sprintf("Ingress \"%v/%v\"", [namespace_of(other), other.metadata.name])
