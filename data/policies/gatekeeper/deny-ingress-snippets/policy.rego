# METADATA
# title: Deny snippets of Ingresses
# description: No annotation of an Ingress may hand text to the controller's configuration.
# scope: package
# related_resources:
#   - ref: https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations-risk/
#     description: Ingress-Nginx, annotations and their risk
#   - ref: https://nvd.nist.gov/vuln/detail/CVE-2021-25742
#     description: CVE-2021-25742, Secrets of the cluster read through a snippet
# custom:
#   id: deny-ingress-snippets
#   kind: JadeDenyIngressSnippets
#   severity: high
#   severity_reason: Whoever may write an Ingress runs code in the controller, which reads the TLS keys of all teams.
#   reliability: high
#   tags: [nsa:network, mitre:T1552.007, ingress, network, multi-tenancy]
#   features: [ingress.snippet=true]
#   kinds: [networking.k8s.io/Ingress, extensions/Ingress]
#   rationale: >-
#     A snippet becomes part of the configuration of an nginx or HAProxy that all teams share. It may run Lua, read the
#     controller's token and with it every Secret that the controller sees, or answer for the hosts of others. Most of
#     what snippets do (headers, redirects, limits) has an annotation of its own.
#   parameters:
#     annotationSuffixes:
#       type: array
#       items: {type: string, minLength: 1}
#       default: ["-snippet", "-snippets", /config-backend, /config-frontend, /config-global]
#       description: How the names of denied annotations end; a whole name is allowed too.
#   remediation:
#     - path: "{violation}"
#       operation: remove
#       behaviour_changing: true
#       needs_human: true
#       note: What the snippet does must be said by an annotation of its own, by the controller's ConfigMap, or given up.
package deny_ingress_snippets

import data.lib.ingresses
import data.lib.kubernetes as k8s

default annotation_suffixes := ["-snippet", "-snippets", "/config-backend", "/config-frontend", "/config-global"]

annotation_suffixes := input.parameters.annotationSuffixes if is_array(input.parameters.annotationSuffixes)

violation contains {"msg": msg, "details": {"path": path}} if {
	ingresses.spec
	some name, value in k8s.annotations
	denied(name)
	not value in {"", null}
	msg := sprintf("%s writes into the configuration of its controller: annotation %s", [k8s.label, name])
	path := concat("/", ["/metadata/annotations", k8s.pointer_token(name)])
}

denied(name) if {
	some suffix in annotation_suffixes
	endswith(name, suffix)
}
