package deny_removed_apis_test

import data.deny_removed_apis
import data.lib.testing

asked(parameters, api_version, kind) := {
	"parameters": parameters,
	"review": {"object": {"apiVersion": api_version, "kind": kind, "metadata": {"name": "cart", "namespace": "shop"}}},
}

violations(parameters, api_version, kind) := found if {
	found := deny_removed_apis.violation with input as asked(parameters, api_version, kind)
}

test_denied if {
	found := violations({}, "batch/v1beta1", "CronJob")
	testing.paths(found) == {"/apiVersion"}
	testing.messages(found) == {`CronJob "shop/cart" is of version batch/v1beta1, which Kubernetes 1.25 and later do not serve`}
	count(violations({}, "networking.k8s.io/v1beta1", "ServiceCIDR")) == 1
}

test_allowed if {
	count(violations({}, "batch/v1", "CronJob")) == 0
	count(violations({}, "resource.k8s.io/v1beta1", "ResourceClaim")) == 0
	count(violations({}, "shop.example.com/v1beta1", "CronJob")) == 0
	count(violations({}, ["batch/v1beta1"], "CronJob")) == 0
}

test_the_release_that_removes_it_is_the_first if {
	every version in ["1.25", "v1.25.3", "1.26"] {
		count(violations({"kubernetesVersion": version}, "batch/v1beta1", "CronJob")) == 1
	}
	every version in ["1.24", "v1.24.17", "1.9"] {
		count(violations({"kubernetesVersion": version}, "batch/v1beta1", "CronJob")) == 0
	}
}

test_what_is_no_version_leaves_the_default if {
	every version in [null, 1.24, "latest", "", ["1.24"]] {
		count(violations({"kubernetesVersion": version}, "networking.k8s.io/v1beta1", "ServiceCIDR")) == 1
		count(violations({"kubernetesVersion": version}, "resource.k8s.io/v1beta1", "ResourceClaim")) == 0
	}
}
