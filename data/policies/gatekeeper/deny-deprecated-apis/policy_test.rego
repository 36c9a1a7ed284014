package deny_deprecated_apis_test

import data.deny_deprecated_apis
import data.lib.testing

asked(parameters, api_version, kind) := {
	"parameters": parameters,
	"review": {"object": {"apiVersion": api_version, "kind": kind, "metadata": {"name": "cart", "namespace": "shop"}}},
}

violations(parameters, api_version, kind) := found if {
	found := deny_deprecated_apis.violation with input as asked(parameters, api_version, kind)
}

test_denied if {
	found := violations({}, "resource.k8s.io/v1beta1", "ResourceClaim")
	testing.paths(found) == {"/apiVersion"}
	testing.messages(found) == {`ResourceClaim "shop/cart" is of version resource.k8s.io/v1beta1, which Kubernetes 1.38 will not serve`}
	count(violations({}, "certificates.k8s.io/v1beta1", "ClusterTrustBundle")) == 1
}

test_allowed if {
	every api_version in ["resource.k8s.io/v1", "shop.example.com/v1beta1", ["resource.k8s.io/v1beta1"]] {
		count(violations({}, api_version, "ResourceClaim")) == 0
	}
	count(violations({}, "networking.k8s.io/v1beta1", "ServiceCIDR")) == 0
}

test_from_its_deprecation_until_it_is_removed if {
	every version in ["1.35", "v1.37.2"] {
		count(violations({"kubernetesVersion": version}, "resource.k8s.io/v1beta1", "ResourceClaim")) == 1
	}
	every version in ["1.34", "1.38", "1.40"] {
		count(violations({"kubernetesVersion": version}, "resource.k8s.io/v1beta1", "ResourceClaim")) == 0
	}
}

test_what_is_no_version_leaves_the_default if {
	every version in [null, 1.34, "latest", "", ["1.34"]] {
		count(violations({"kubernetesVersion": version}, "certificates.k8s.io/v1beta1", "ClusterTrustBundle")) == 1
		count(violations({"kubernetesVersion": version}, "admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicy")) == 1
		count(violations({"kubernetesVersion": version}, "networking.k8s.io/v1beta1", "ServiceCIDR")) == 0
	}
}
