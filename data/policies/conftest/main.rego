# Generated from data/policies/gatekeeper; change that and run `make policies`.
package main

import data.jade.pack

# METADATA
# title: Jade's policies over plain manifests
# description: >-
#   Each document is judged as Gatekeeper would judge it. Parameters come from `data.parameters.<policy id>`, what the
#   cluster holds from `data.inventory` (Gatekeeper's shape) or, with --combine, from the other documents; a policy that
#   needs it and is given neither does not judge.
# entrypoint: true
deny contains finding if {
	some document in documents
	some id, policy in pack.policies
	matches(policy, document)
	known(policy)
	request := {"review": {"object": document}, "parameters": parameters(id, policy)}
	violations := data.jade.policies[policy["package"]].violation with input as request with data.inventory as inventory
	some violation in violations
	finding := {
		"msg": sprintf("%s (%s)", [violation.msg, id]),
		"policy": id,
		"severity": policy.severity,
		"path": violation.details.path,
	}
}

# What conftest hands over: one document, or with --combine a list of {"path", "contents"}.
contents contains input if is_object(input)

contents contains file.contents if {
	is_array(input)
	some file in input
	is_object(file.contents)
}

contents contains document if {
	is_array(input)
	some file in input
	is_array(file.contents)
	some document in file.contents
	is_object(document)
}

documents contains document if {
	some document in contents
	document.kind != "List"
}

documents contains document if {
	some list in contents
	list.kind == "List"
	is_array(list.items)
	some document in list.items
	is_object(document)
}

parameters(id, policy) := object.union(policy.parameters, data.parameters[id]) if {
	is_object(data.parameters[id])
} else := policy.parameters

matches(policy, document) if {
	parts := split(document.apiVersion, "/")
	group := concat("/", array.slice(parts, 0, count(parts) - 1))
	some kinds in policy.kinds
	group in kinds.apiGroups
	document.kind in kinds.kinds
}

known(policy) if count(policy.inventory) == 0

known(_) if data.inventory

known(_) if is_array(input)

default inventory := {"namespace": {}, "cluster": {}}

inventory := data.inventory

inventory := {"cluster": nested(unplaced), "namespace": placed} if {
	not data.inventory
	is_array(input)
}

unplaced := [document | some document in documents; not document.metadata.namespace]

placed[namespace] := nested(members) if {
	some namespace in {document.metadata.namespace | some document in documents}
	members := [document | some document in documents; document.metadata.namespace == namespace]
}

nested(members) := {api_version: kinds |
	some api_version in {member.apiVersion | some member in members}
	kinds := {kind: named |
		some kind in {member.kind | some member in members; member.apiVersion == api_version}
		named := {member.metadata.name: member |
			some member in members
			member.apiVersion == api_version
			member.kind == kind
		}
	}
}
