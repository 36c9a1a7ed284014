package deny_secrets_in_config_maps_test

import data.deny_secrets_in_config_maps
import data.lib.testing

config_map(fields) := object.union(
	{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cart", "namespace": "shop"}},
	fields,
)

asked(parameters, fields) := {"parameters": parameters, "review": {"object": config_map(fields)}}

violations(fields) := found if {
	found := deny_secrets_in_config_maps.violation with input as asked({}, fields)
}

test_keys if {
	every key in [
		"password",
		"DB_PASSWD",
		"passphrase",
		"db_pass",
		"db_pwd",
		"clientSecret",
		"github.token",
		"credential",
		"credentials",
		"ACCESS_KEY",
		"accessKey",
		"API_KEY",
		"apikey",
		"AUTH_KEY",
		"ENCRYPTION_KEY",
		"private-key",
		"privateKey",
		"SECRET_KEY",
		"secretKey",
		"SIGNING_KEY",
		"connection.string",
	] {
		testing.paths(violations({"data": {key: "x"}})) == {concat("/", ["/data", key])}
		testing.paths(violations({"binaryData": {key: "eA=="}})) == {concat("/", ["/binaryData", key])}
	}
}

test_texts if {
	every text in [
		"-----BEGIN RSA PRIVATE KEY-----\nabc",
		"[default]\naws_secret_access_key = abc",
		"url: https://hooks.slack.com/services/T0/B0/x",
		"github_pat_abc",
		"glpat-abc",
		"bot: xoxb-1-2",
		"user: xoxp-1-2",
	] {
		testing.paths(violations({"data": {"cart.yaml": text}})) == {"/data/cart.yaml"}
		count(violations({"binaryData": {"cart.yaml": text}})) == 0
	}
}

test_message if {
	found := violations({"data": {"a/b.token": "x"}})
	testing.messages(found) == {`ConfigMap "shop/cart" holds a secret under "a/b.token", as it seems`}
	testing.paths(found) == {"/data/a~1b.token"}
}

test_allowed if {
	every fields in [
		{},
		{"data": null, "binaryData": null},
		{"data": "password", "binaryData": ["password"]},
		{"data": {"password": ""}},
		{"data": {"password": null}},
		{"data": {"password-file": "/run/secrets/password", "region": "eu-west", "certificate": "-----BEGIN CERTIFICATE-----"}},
		{"data": {"cart.yaml": ["xoxb-1-2"]}},
	] {
		count(violations(fields)) == 0
	}
	count(violations({"kind": "Secret", "data": {"password": "eA=="}})) == 0
}

test_parameters if {
	count(deny_secrets_in_config_maps.violation) == 1 with input as asked({"secretNames": ["_Seed"]}, {"data": {"chain-seed": "x"}})
	count(deny_secrets_in_config_maps.violation) == 0 with input as asked({"secretNames": []}, {"data": {"token": "x"}})
	texts := {"secretTexts": ["", null, "sk_live_"]}
	count(deny_secrets_in_config_maps.violation) == 1 with input as asked(texts, {"data": {"cart.yaml": "key: sk_live_x"}})
	count(deny_secrets_in_config_maps.violation) == 0 with input as asked(texts, {"data": {"cart.yaml": "key: xoxb-1"}})
	every exempt in [["cart"], ["ca*"]] {
		count(deny_secrets_in_config_maps.violation) == 0 with input as asked({"exemptConfigMaps": exempt}, {"data": {"token": "x"}})
	}
	count(deny_secrets_in_config_maps.violation) == 1 with input as asked({"exemptConfigMaps": ["orders"]}, {"data": {"token": "x"}})
}

test_an_object_without_a_name_is_not_exempt if {
	every metadata in [null, {}, {"name": null}, {"name": ["cart"]}, "cart"] {
		fields := {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"token": "x"}}
		asked_of := {"parameters": {"exemptConfigMaps": ["cart"]}, "review": {"object": fields}}
		count(deny_secrets_in_config_maps.violation) == 1 with input as asked_of
	}
}

test_a_parameter_of_the_wrong_type_leaves_the_default if {
	every parameters in [
		{"secretNames": "seed"},
		{"exemptConfigMaps": {"a": "cart"}},
	] {
		count(deny_secrets_in_config_maps.violation) == 1 with input as asked(parameters, {"data": {"token": "x"}})
	}
	count(deny_secrets_in_config_maps.violation) == 1 with input as asked({"secretTexts": null}, {"data": {"a": "xoxb-1"}})
}
