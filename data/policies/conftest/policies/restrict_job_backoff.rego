# Generated from data/policies/gatekeeper; change that and run `make policies`.
package jade.policies.restrict_job_backoff

import data.lib.jobs
import data.lib.kubernetes as k8s

# What the API server fills in.
default_limit := 6

default maximum := 6

maximum := input.parameters.maximum if is_number(input.parameters.maximum)

violation contains {"msg": msg, "details": {"path": path}} if {
	some field, limit in limits
	excessive(limit)
	msg := sprintf("%s may be retried too often: %s is %v, more than %v", [k8s.label, field, limit, maximum])
	path := concat("/", [jobs.spec_pointer, field])
}

limits[field] := limit if {
	some field in ["backoffLimit", "backoffLimitPerIndex"]
	limit := jobs.spec[field]
	limit != null
}

limits["backoffLimit"] := default_limit if {
	object.get(jobs.spec, "backoffLimit", null) == null

	# Where each index has a limit, the whole has none unless it says so.
	object.get(jobs.spec, "backoffLimitPerIndex", null) == null
}

excessive(limit) if limit > maximum

# What is no number is not trusted to be low.
excessive(limit) if not is_number(limit)
