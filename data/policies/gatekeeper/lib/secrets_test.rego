package lib.secrets_test

import data.lib.secrets

test_endings if {
	secrets.endings(["Token", "_pass", "", null, 5, ["x"]]) == {"token", "_pass"}
	secrets.endings([]) == set()
	secrets.endings("token") == set()
}

test_named if {
	every name in ["token", "GITHUB_TOKEN", "githubToken", "github.token", "DB_PASS", "db-pass"] {
		secrets.named(name, {"token", "_pass"})
	}
}

test_not_named if {
	every name in ["", "TOKEN_FILE", "tokens", "bypass", 5, null, ["token"]] {
		not secrets.named(name, {"token", "_pass"})
	}
	not secrets.named("TOKEN", set())
}
