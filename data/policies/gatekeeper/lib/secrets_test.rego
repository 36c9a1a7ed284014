package lib.secrets_test

import data.lib.secrets

pattern := secrets.pattern(["Token", "_pass", "", null, 5, ["x"], "api_?key"])

test_names_that_match if {
	every name in [
		"token",
		"GITHUB_TOKEN",
		"githubToken",
		"github.token",
		"DB_PASS",
		"db-pass",
		"db.pass",
		"API_KEY",
		"apiKey",
	] {
		regex.match(pattern, name)
	}
}

test_names_that_do_not if {
	every name in ["", "TOKEN_FILE", "tokens", "BYPASS", "pass", "5", "x"] {
		not regex.match(pattern, name)
	}
}

test_nothing_to_match if {
	every endings in [[], [""], [null], "token", null, ["("], ["token", "("]] {
		not secrets.pattern(endings)
	}
}
