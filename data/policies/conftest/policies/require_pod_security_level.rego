# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_pod_security_level

import data.lib.kubernetes as k8s
import data.lib.names

default levels := ["baseline", "restricted"]

levels := input.parameters.levels if is_array(input.parameters.levels)

default exempt_namespaces := ["kube-system"]

exempt_namespaces := input.parameters.exemptNamespaces if is_array(input.parameters.exemptNamespaces)

violation contains {"msg": msg, "details": {"path": "/metadata/labels/pod-security.kubernetes.io~1enforce"}} if {
	k8s.group_kind == "Namespace"
	level := object.get(k8s.labels, "pod-security.kubernetes.io/enforce", null)
	not level in levels
	not exempt
	msg := sprintf("%s enforces %s", [k8s.label, said(level)])
}

exempt if names.matches(k8s.metadata.name, exempt_namespaces)

said(level) := "no Pod Security level" if {
	level in {null, ""}
} else := sprintf("Pod Security level %v, which is none of those that are allowed", [level])
