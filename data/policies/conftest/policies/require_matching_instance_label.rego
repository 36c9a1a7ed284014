# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_matching_instance_label

import data.lib.kubernetes as k8s
import data.lib.names
import data.lib.owners

default exempt_objects := []

exempt_objects := input.parameters.exemptObjects if is_array(input.parameters.exemptObjects)

violation contains {"msg": msg, "details": {"path": "/metadata/labels/app.kubernetes.io~1instance"}} if {
	k8s.pod_spec
	not matching
	not owners.controlled
	not names.matches_resource(exempt_objects)
	msg := sprintf("%s does not have its name as label app.kubernetes.io/instance", [k8s.label])
}

matching if {
	is_string(k8s.metadata.name)
	k8s.labels["app.kubernetes.io/instance"] == k8s.metadata.name
}

# The API server makes up the name.
matching if {
	object.get(k8s.metadata, "name", null) in {null, ""}
	is_string(k8s.metadata.generateName)
	k8s.metadata.generateName != ""
}
