package require_job_deadline_test

import data.lib.testing
import data.require_job_deadline

job(spec) := job_with({}, spec)

job_with(parameters, spec) := {"parameters": parameters, "review": {"object": {
	"apiVersion": "batch/v1",
	"kind": "Job",
	"metadata": {"name": "report", "namespace": "shop"},
	"spec": spec,
}}}

deadline(value) := {"activeDeadlineSeconds": value}

test_denied_without_a_deadline if {
	every spec in [{}, deadline(null), {"template": {"spec": {"activeDeadlineSeconds": 60}}}] {
		found := require_job_deadline.violation with input as job(spec)
		testing.paths(found) == {"/spec/activeDeadlineSeconds"}
		testing.messages(found) == {`Job "shop/report" may run forever: set activeDeadlineSeconds`}
	}
}

test_denied_with_what_is_no_number if {
	every value in ["600", "", true, [600], {}] {
		found := require_job_deadline.violation with input as job(deadline(value))
		some message in testing.messages(found)
		endswith(message, "which is no number of seconds")
	}
}

test_denied_beyond_the_maximum if {
	found := require_job_deadline.violation with input as job(deadline(604801))
	testing.messages(found) == {`Job "shop/report" may run for 604801 seconds, more than 604800`}
}

test_allowed if {
	every value in [0, 1, 600, 604800] {
		count(require_job_deadline.violation) == 0 with input as job(deadline(value))
	}
}

test_the_job_of_others if {
	every case in [
		{"kind": "CronJob", "api": "batch/v1", "spec": {"jobTemplate": {"spec": {}}}, "path": "/spec/jobTemplate/spec/activeDeadlineSeconds"},
		{"kind": "ScaledJob", "api": "keda.sh/v1alpha1", "spec": {"jobTargetRef": {}}, "path": "/spec/jobTargetRef/activeDeadlineSeconds"},
	] {
		object := {"apiVersion": case.api, "kind": case.kind, "spec": case.spec}
		found := require_job_deadline.violation with input as {"review": {"object": object}}
		testing.paths(found) == {case.path}
	}
}

test_other_kinds_have_no_jobs if {
	count(require_job_deadline.violation) == 0 with input as testing.deployment({})
	count(require_job_deadline.violation) == 0 with input as testing.pod({})
}

test_maximum if {
	parameters := {"maximumSeconds": 60}
	count(require_job_deadline.violation) == 0 with input as job_with(parameters, deadline(60))
	count(require_job_deadline.violation) == 1 with input as job_with(parameters, deadline(61))
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	every parameters in [{"maximumSeconds": "60"}, {"maximumSeconds": null}] {
		count(require_job_deadline.violation) == 0 with input as job_with(parameters, deadline(61))
	}
}
