# Generated from data/policies/gatekeeper; change that and run `make policies`.
# METADATA
# title: Versions of the Kubernetes API that end
# description: >-
#   Which versions of Kubernetes' own kinds are deprecated and no longer served from which minor release on, after the
#   deprecation guide and the lifecycles that the API's source code states. Alpha versions are served nowhere by
#   default and are left out.
# scope: package
package lib.apis

import data.lib.kubernetes as k8s

# By version and kind: the minor release of Kubernetes 1 that deprecates it, and the first that does not serve it.
# variables.cel.yaml holds the same.
lifecycles := {
	"admissionregistration.k8s.io/v1beta1": {
		"MutatingAdmissionPolicy": {"deprecated": 37, "removed": 40},
		"MutatingAdmissionPolicyBinding": {"deprecated": 37, "removed": 40},
		"MutatingWebhookConfiguration": {"deprecated": 16, "removed": 22},
		"ValidatingAdmissionPolicy": {"deprecated": 31, "removed": 34},
		"ValidatingAdmissionPolicyBinding": {"deprecated": 31, "removed": 34},
		"ValidatingWebhookConfiguration": {"deprecated": 16, "removed": 22},
	},
	"apiextensions.k8s.io/v1beta1": {"CustomResourceDefinition": {"deprecated": 16, "removed": 22}},
	"apiregistration.k8s.io/v1beta1": {"APIService": {"deprecated": 19, "removed": 22}},
	"apps/v1beta1": {
		"ControllerRevision": {"deprecated": 8, "removed": 16},
		"Deployment": {"deprecated": 8, "removed": 16},
		"StatefulSet": {"deprecated": 8, "removed": 16},
	},
	"apps/v1beta2": {
		"ControllerRevision": {"deprecated": 9, "removed": 16},
		"DaemonSet": {"deprecated": 9, "removed": 16},
		"Deployment": {"deprecated": 9, "removed": 16},
		"ReplicaSet": {"deprecated": 9, "removed": 16},
		"StatefulSet": {"deprecated": 9, "removed": 16},
	},
	"autoscaling/v2beta1": {"HorizontalPodAutoscaler": {"deprecated": 22, "removed": 25}},
	"autoscaling/v2beta2": {"HorizontalPodAutoscaler": {"deprecated": 23, "removed": 26}},
	"batch/v1beta1": {"CronJob": {"deprecated": 21, "removed": 25}},
	"certificates.k8s.io/v1beta1": {
		"CertificateSigningRequest": {"deprecated": 19, "removed": 22},
		"ClusterTrustBundle": {"deprecated": 37, "removed": 40},
	},
	"coordination.k8s.io/v1beta1": {"Lease": {"deprecated": 19, "removed": 22}},
	"discovery.k8s.io/v1beta1": {"EndpointSlice": {"deprecated": 21, "removed": 25}},
	"events.k8s.io/v1beta1": {"Event": {"deprecated": 22, "removed": 25}},
	"extensions/v1beta1": {
		"DaemonSet": {"deprecated": 8, "removed": 16},
		"Deployment": {"deprecated": 8, "removed": 16},
		"Ingress": {"deprecated": 14, "removed": 22},
		"NetworkPolicy": {"deprecated": 9, "removed": 16},
		"PodSecurityPolicy": {"deprecated": 10, "removed": 16},
		"ReplicaSet": {"deprecated": 8, "removed": 16},
	},
	"flowcontrol.apiserver.k8s.io/v1beta1": {
		"FlowSchema": {"deprecated": 23, "removed": 26},
		"PriorityLevelConfiguration": {"deprecated": 23, "removed": 26},
	},
	"flowcontrol.apiserver.k8s.io/v1beta2": {
		"FlowSchema": {"deprecated": 26, "removed": 29},
		"PriorityLevelConfiguration": {"deprecated": 26, "removed": 29},
	},
	"flowcontrol.apiserver.k8s.io/v1beta3": {
		"FlowSchema": {"deprecated": 29, "removed": 32},
		"PriorityLevelConfiguration": {"deprecated": 29, "removed": 32},
	},
	"networking.k8s.io/v1beta1": {
		"IPAddress": {"deprecated": 34, "removed": 37},
		"Ingress": {"deprecated": 19, "removed": 22},
		"IngressClass": {"deprecated": 19, "removed": 22},
		"ServiceCIDR": {"deprecated": 34, "removed": 37},
	},
	"node.k8s.io/v1beta1": {"RuntimeClass": {"deprecated": 22, "removed": 25}},
	"policy/v1beta1": {
		"PodDisruptionBudget": {"deprecated": 21, "removed": 25},
		"PodSecurityPolicy": {"deprecated": 21, "removed": 25},
	},
	"rbac.authorization.k8s.io/v1beta1": {
		"ClusterRole": {"deprecated": 17, "removed": 22},
		"ClusterRoleBinding": {"deprecated": 17, "removed": 22},
		"Role": {"deprecated": 17, "removed": 22},
		"RoleBinding": {"deprecated": 17, "removed": 22},
	},
	"resource.k8s.io/v1beta1": {
		"DeviceClass": {"deprecated": 35, "removed": 38},
		"ResourceClaim": {"deprecated": 35, "removed": 38},
		"ResourceClaimTemplate": {"deprecated": 35, "removed": 38},
	},
	"resource.k8s.io/v1beta2": {
		"DeviceClass": {"deprecated": 36, "removed": 39},
		"ResourceClaim": {"deprecated": 36, "removed": 39},
		"ResourceClaimTemplate": {"deprecated": 36, "removed": 39},
	},
	"scheduling.k8s.io/v1beta1": {"PriorityClass": {"deprecated": 14, "removed": 22}},
	"storage.k8s.io/v1beta1": {
		"CSIDriver": {"deprecated": 19, "removed": 22},
		"CSINode": {"deprecated": 17, "removed": 22},
		"CSIStorageCapacity": {"deprecated": 24, "removed": 27},
		"StorageClass": {"deprecated": 19, "removed": 22},
		"VolumeAttachment": {"deprecated": 19, "removed": 22},
		"VolumeAttributesClass": {"deprecated": 34, "removed": 37},
	},
}

# That of the reviewed object; undefined where its version is here to stay.
lifecycle := lifecycles[k8s.resource.apiVersion][k8s.kind]

# The minor release that a version names: 34 of `1.34`, `v1.34.2` and `1.34+`; undefined for what names none.
minor(version) := to_number(found[0][1]) if {
	is_string(version)
	found := regex.find_all_string_submatch_n(`^v?1\.([0-9]{1,3})(?:[^0-9]|$)`, version, 1)
}
