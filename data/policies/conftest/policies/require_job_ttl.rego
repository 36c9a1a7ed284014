# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_job_ttl

import data.lib.kubernetes as k8s

default maximum := 604800

maximum := input.parameters.maximumSeconds if is_number(input.parameters.maximumSeconds)

violation contains {"msg": msg, "details": {"path": "/spec/ttlSecondsAfterFinished"}} if {
	k8s.group_kind == "batch/Job"
	is_object(k8s.resource.spec)
	not owned
	ttl := object.get(k8s.resource.spec, "ttlSecondsAfterFinished", null)
	message := problem(ttl)
	msg := sprintf("%s %s", [k8s.label, message])
}

# A CronJob or a workflow removes its jobs itself.
owned if {
	some owner in k8s.metadata.ownerReferences
	owner.controller == true
}

problem(ttl) := "stays when it has finished: set ttlSecondsAfterFinished" if {
	ttl == null
} else := sprintf("has ttlSecondsAfterFinished %v, which is no number of seconds", [ttl]) if {
	not is_number(ttl)
} else := sprintf("stays for %v seconds when it has finished, more than %v", [ttl, maximum]) if {
	ttl > maximum
}
