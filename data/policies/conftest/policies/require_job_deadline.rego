# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.require_job_deadline

import data.lib.jobs
import data.lib.kubernetes as k8s

default maximum := 604800

maximum := input.parameters.maximumSeconds if is_number(input.parameters.maximumSeconds)

violation contains {"msg": msg, "details": {"path": path}} if {
	deadline := object.get(jobs.spec, "activeDeadlineSeconds", null)
	message := problem(deadline)
	msg := sprintf("%s %s", [k8s.label, message])
	path := concat("/", [jobs.spec_pointer, "activeDeadlineSeconds"])
}

problem(deadline) := "may run forever: set activeDeadlineSeconds" if {
	deadline == null
} else := sprintf("has activeDeadlineSeconds %v, which is no number of seconds", [deadline]) if {
	not is_number(deadline)
} else := sprintf("may run for %v seconds, more than %v", [deadline, maximum]) if {
	deadline > maximum
}
