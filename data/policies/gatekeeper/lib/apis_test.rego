package lib.apis_test

import data.lib.apis

reviewed(api_version, kind) := {"review": {"object": {"apiVersion": api_version, "kind": kind}}}

test_lifecycle_of_the_reviewed_object if {
	found := apis.lifecycle with input as reviewed("batch/v1beta1", "CronJob")
	found == {"deprecated": 21, "removed": 25}
}

test_versions_that_stay if {
	every asked in [
		reviewed("batch/v1", "CronJob"),
		reviewed("batch/v1beta1", "Job"),
		reviewed("v1", "Pod"),
		reviewed(["batch/v1beta1"], "CronJob"),
		reviewed("batch/v1beta1", null),
		{"review": {"object": null}},
	] {
		not apis.lifecycle with input as asked
	}
}

test_nothing_is_removed_before_it_is_deprecated if {
	every kinds in apis.lifecycles {
		every lifecycle in kinds {
			lifecycle.deprecated < lifecycle.removed
		}
	}
}

test_minor if {
	apis.minor("1.34") == 34
	apis.minor("v1.9.12") == 9
	apis.minor("1.34+") == 34
	apis.minor("v1.31.4-gke.1372000") == 31
}

test_no_version if {
	every version in ["", "1", "2.1", "1.x", "1.1000", "latest", 1.34, null, ["1.34"]] {
		not apis.minor(version)
	}
}
