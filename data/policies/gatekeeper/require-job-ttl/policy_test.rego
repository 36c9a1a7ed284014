package require_job_ttl_test

import data.lib.testing
import data.require_job_ttl

job(spec) := job_with({}, spec)

job_with(parameters, spec) := {"parameters": parameters, "review": {"object": {
	"apiVersion": "batch/v1",
	"kind": "Job",
	"metadata": {"name": "report", "namespace": "shop"},
	"spec": spec,
}}}

owned_by(owners) := {"review": {"object": {
	"apiVersion": "batch/v1",
	"kind": "Job",
	"metadata": {"name": "report", "ownerReferences": owners},
	"spec": {},
}}}

ttl(value) := {"ttlSecondsAfterFinished": value}

test_denied_without if {
	every spec in [{}, ttl(null), {"activeDeadlineSeconds": 60}] {
		found := require_job_ttl.violation with input as job(spec)
		testing.paths(found) == {"/spec/ttlSecondsAfterFinished"}
		testing.messages(found) == {`Job "shop/report" stays when it has finished: set ttlSecondsAfterFinished`}
	}
}

test_denied_with_what_is_no_number if {
	every value in ["600", "", true, [600], {}] {
		found := require_job_ttl.violation with input as job(ttl(value))
		some message in testing.messages(found)
		endswith(message, "which is no number of seconds")
	}
}

test_denied_beyond_the_maximum if {
	found := require_job_ttl.violation with input as job(ttl(604801))
	testing.messages(found) == {`Job "shop/report" stays for 604801 seconds when it has finished, more than 604800`}
}

test_allowed if {
	every value in [0, 600, 604800] {
		count(require_job_ttl.violation) == 0 with input as job(ttl(value))
	}
}

test_what_an_owner_looks_after if {
	owner := {"apiVersion": "batch/v1", "kind": "CronJob", "name": "report", "controller": true}
	count(require_job_ttl.violation) == 0 with input as owned_by([null, owner])
	every owners in [null, [], [null], "CronJob", [object.union(owner, {"controller": false})]] {
		count(require_job_ttl.violation) == 1 with input as owned_by(owners)
	}
}

test_a_cron_job_keeps_its_own_history if {
	cron := {"apiVersion": "batch/v1", "kind": "CronJob", "spec": {"jobTemplate": {"spec": {}}}}
	count(require_job_ttl.violation) == 0 with input as {"review": {"object": cron}}
	count(require_job_ttl.violation) == 0 with input as testing.deployment({})
	count(require_job_ttl.violation) == 0 with input as job(null)
}

test_maximum if {
	parameters := {"maximumSeconds": 60}
	count(require_job_ttl.violation) == 0 with input as job_with(parameters, ttl(60))
	count(require_job_ttl.violation) == 1 with input as job_with(parameters, ttl(61))
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	every parameters in [{"maximumSeconds": [60]}, {"maximumSeconds": null}] {
		count(require_job_ttl.violation) == 1 with input as job_with(parameters, ttl(604801))
	}
}
