package deny_plaintext_secrets_test

import data.deny_plaintext_secrets
import data.lib.testing

variable(name, value) := {"env": [{"name": name, "value": value}]}

pointer := "/spec/containers/0/env/0/value"

asked(parameters, name, value) := testing.container_with(parameters, variable(name, value))

test_names_of_secrets if {
	every name in [
		"PASSWORD",
		"MYSQL_ROOT_PASSWORD",
		"DB_PASSWD",
		"KEY_PASSPHRASE",
		"DB_PASS",
		"SSH_PWD",
		"CLIENT_SECRET",
		"clientSecret",
		"GITHUB_TOKEN",
		"GOOGLE_CREDENTIAL",
		"AWS_CREDENTIALS",
		"MINIO_ACCESS_KEY",
		"accessKey",
		"STRIPE_API_KEY",
		"stripe.apikey",
		"AUTH_KEY",
		"ENCRYPTION_KEY",
		"private-key",
		"privateKey",
		"AWS_SECRET_KEY",
		"secretkey",
		"SIGNING_KEY",
		"STORAGE_CONNECTION_STRING",
	] {
		found := deny_plaintext_secrets.violation with input as asked({}, name, "x")
		testing.paths(found) == {pointer}
	}
}

test_names_of_other_things if {
	every name in [
		"",
		"PATH",
		"PWD",
		"BYPASS",
		"SORT_KEY",
		"PASSWORD_FILE",
		"TOKEN_URL",
		"SECRET_NAME",
		"API_KEYS_ENABLED",
		null,
		5,
		["PASSWORD"],
	] {
		count(deny_plaintext_secrets.violation) == 0 with input as asked({}, name, "x")
	}
}

test_values if {
	every value in [" ", "true", true, 5, ["x"], "x $(Y)", "x vault:"] {
		count(deny_plaintext_secrets.violation) == 1 with input as asked({}, "TOKEN", value)
	}
	every value in ["", null, "$(OTHER)", "vault:shop/data/cart#token"] {
		count(deny_plaintext_secrets.violation) == 0 with input as asked({}, "TOKEN", value)
	}
	from := {"env": [{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "cart", "key": "token"}}}]}
	count(deny_plaintext_secrets.violation) == 0 with input as testing.container(from)
}

test_message if {
	found := deny_plaintext_secrets.violation with input as asked({}, "TOKEN", "x")
	testing.messages(found) == {`Container "cart" of Pod "shop/cart" has the value of TOKEN in its manifest`}
}

test_each_variable_of_each_list_of_containers if {
	two := {"env": [{"name": "A_TOKEN", "value": "x"}, {"name": "LOG_LEVEL", "value": "x"}, {"name": "B_TOKEN", "value": "x"}]}
	found := deny_plaintext_secrets.violation with input as testing.deployment({
		"containers": [two],
		"initContainers": [variable("TOKEN", "x")],
		"ephemeralContainers": [variable("TOKEN", "x")],
	})
	testing.paths(found) == {
		"/spec/template/spec/containers/0/env/0/value",
		"/spec/template/spec/containers/0/env/2/value",
		"/spec/template/spec/initContainers/0/env/0/value",
		"/spec/template/spec/ephemeralContainers/0/env/0/value",
	}
}

test_oddly_typed_variables if {
	every env in [null, "TOKEN", {"a": {"name": "TOKEN", "value": "x"}}, [null, "TOKEN", {}]] {
		count(deny_plaintext_secrets.violation) == 0 with input as testing.container({"env": env})
	}
}

test_parameters if {
	count(deny_plaintext_secrets.violation) == 1 with input as asked({"secretNames": ["_Seed", null]}, "CHAIN_SEED", "x")
	count(deny_plaintext_secrets.violation) == 0 with input as asked({"secretNames": ["_seed"]}, "TOKEN", "x")
	count(deny_plaintext_secrets.violation) == 0 with input as asked({"references": ["ssm:", null]}, "TOKEN", "ssm:/shop/token")
	count(deny_plaintext_secrets.violation) == 1 with input as asked({"references": [""]}, "TOKEN", "$(OTHER)")
	every variables in [["CSRF_TOKEN"], ["CSRF_*"]] {
		count(deny_plaintext_secrets.violation) == 0 with input as asked({"exemptVariables": variables}, "CSRF_TOKEN", "x")
		count(deny_plaintext_secrets.violation) == 1 with input as asked({"exemptVariables": variables}, "TOKEN", "x")
	}
}

test_exempt_images if {
	fields := object.union(variable("TOKEN", "x"), {"image": "registry/cart:1"})
	count(deny_plaintext_secrets.violation) == 0 with input as testing.container_with({"exemptImages": ["registry/*"]}, fields)
	count(deny_plaintext_secrets.violation) == 1 with input as testing.container_with({"exemptImages": ["other/*"]}, fields)
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	fields := object.union(variable("TOKEN", "x"), {"image": "cart"})
	every parameters in [
		{"exemptImages": {"a": "cart"}},
		{"exemptVariables": {"a": "TOKEN"}},
		{"references": {"a": "x"}},
		{"secretNames": "seed"},
	] {
		count(deny_plaintext_secrets.violation) == 1 with input as testing.container_with(parameters, fields)
	}
}
