# METADATA
# title: Deny wildcards in roles
# description: Rules of Roles and ClusterRoles must name their resources and verbs, without `*`.
# scope: package
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#role-and-clusterrole
#     description: Using RBAC Authorization, Role and ClusterRole
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege
#     description: Role Based Access Control Good Practices, least privilege
# custom:
#   id: deny-rbac-wildcards
#   kind: JadeDenyRbacWildcards
#   severity: high
#   severity_reason: It grants what nobody thought of, and what is installed only later; secrets and exec are mostly in it.
#   reliability: high
#   tags: [cis:5.1.3, nsa:authn-authz, mitre:T1098.006, rbac]
#   features: [rbac.wildcard=true]
#   kinds: [rbac.authorization.k8s.io/Role, rbac.authorization.k8s.io/ClusterRole]
#   rationale: >-
#     A wildcard means every resource or every verb, those of custom resources that are installed next year included. A
#     verb that nobody has in mind (`escalate`, `impersonate`, `create` of `pods/exec`) comes with it, so a reader cannot
#     tell what the role amounts to.
#   parameters:
#     fields:
#       type: array
#       items: {type: string, enum: [apiGroups, nonResourceURLs, resources, verbs]}
#       default: [resources, verbs]
#       description: Fields of a rule that may hold no wildcard.
#     exemptRoles:
#       type: array
#       items: {type: string}
#       default: [ClusterRole/admin, ClusterRole/cluster-admin, ClusterRole/edit, "system:*"]
#       description: >-
#         Roles that are left alone, as `name` or `Kind/name`; `*` at the end stands for any rest. The default are those
#         that Kubernetes itself brings along.
#   remediation:
#     - path: "{violation}"
#       operation: set
#       behaviour_changing: true
#       needs_human: true
#       note: Which resources and verbs are used is known to the owner, or from the API server's audit log.
package deny_rbac_wildcards

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.rbac

default fields := ["resources", "verbs"]

fields := input.parameters.fields if is_array(input.parameters.fields)

default exempt_roles := ["ClusterRole/admin", "ClusterRole/cluster-admin", "ClusterRole/edit", "system:*"]

exempt_roles := input.parameters.exemptRoles if is_array(input.parameters.exemptRoles)

keys := {"apiGroups": "api_groups", "nonResourceURLs": "urls", "resources": "resources", "verbs": "verbs"}

violation contains {"msg": msg, "details": {"path": path}} if {
	some rule in rbac.rules
	some field in fields
	some index, entry in rule[keys[field]]
	wildcard(entry)
	not names.matches_resource(exempt_roles)
	msg := sprintf("%s has the wildcard %q in %s of a rule", [k8s.label, entry, field])
	path := concat("/", [rule.pointer, field, format_int(index, 10)])
}

# All resources, verbs or groups, or all URLs.
wildcard(entry) if entry in {"*", "/*"}

# A subresource of all resources, as in `*/scale`.
wildcard(entry) if startswith(entry, "*/")
