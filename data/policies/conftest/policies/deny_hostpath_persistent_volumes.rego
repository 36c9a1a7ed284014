# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.deny_hostpath_persistent_volumes

import data.lib.kubernetes as k8s
import data.lib.names

default exempt_volumes := []

exempt_volumes := input.parameters.exemptVolumes if is_array(input.parameters.exemptVolumes)

violation contains {"msg": msg, "details": {"path": "/spec/hostPath"}} if {
	k8s.group_kind == "PersistentVolume"
	source := k8s.resource.spec.hostPath
	source != null
	not exempt
	path := object.get(k8s.object_or_empty(source), "path", "without a path")
	msg := sprintf("%s is a directory of its node: %v", [k8s.label, path])
}

exempt if names.matches(k8s.metadata.name, exempt_volumes)
