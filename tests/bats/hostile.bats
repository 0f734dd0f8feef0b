#!/usr/bin/env bats
# Texts that break what is careless: from the list and from the provider, through the ledger, into
# every report and onto the terminal, unharmed and harmless.

load helper

setup() {
	begin_test
	"$PYTHON" -IS "$TESTS/fixtures/verbs/hostile.py" write
}

teardown() {
	end_test
}

hostile_run() {
	clock 60
	start_other --words words.json
	campaign hostile <<-'EOF2'
		poll: 1s
		retry: {attempts: 1}
		pace: {calls_per_minute: 6000, live: 100}
	EOF2
	nida run hostile.yaml --yes >out 2>err
	folder=$(echo reports/hostile/*)
}

# No byte of these files makes a terminal do anything.
tame() {
	! grep -aqP '[\x00-\x08\x0b-\x1f\x7f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]|\xc2[\x80-\x9f]' "$@"
}

@test "what the list and the customers say reaches every report unharmed" {
	hostile_run
	"$PYTHON" -IS "$TESTS/fixtures/verbs/hostile.py" judge "$folder"
	[ "$(ledger "SELECT count(*) FROM contact WHERE state = 'done'")" -eq 19 ]
}

@test "the page of such a run runs nothing of it" {
	command -v node >/dev/null || skip "there is no node"
	hostile_run
	run timeout 180 node "$TESTS/page/hostile.mjs" "$PWD/$folder/report.html"
	[[ "$output" != *SKIPPED* ]] || skip "there is no Chromium"
	[ "$status" -eq 0 ]
	[[ "$output" == *"19 rows"* ]]
}

@test "follow-up.csv of such a list is a list again" {
	clock 60
	start_sim --no-answer 100%
	campaign hostile <<<'retry: {attempts: 1}'
	nida run hostile.yaml --yes
	"$PYTHON" -IS - <<-'EOF2'
		import csv
		csv.field_size_limit(1 << 20)
		read = lambda name: list(csv.reader(open(name, encoding="utf-8-sig", newline="")))
		import glob
		assert read(glob.glob("reports/hostile/*/follow-up.csv")[0]) == read("customers.csv")
	EOF2
}

@test "nothing of it reaches the terminal as a command" {
	hostile_run
	tame out err
	nida events hostile.yaml >events
	nida status hostile.yaml >status
	nida status hostile.yaml --json >status.json
	nida events hostile.yaml --json >events.json
	nida check hostile.yaml --all >check 2>&1 || true
	tame events status check
	jq -es 'length > 19' events.json
	jq -e '.rows == 19' status.json
}

@test "a person with such a key can be found, removed, and leaves nothing" {
	hostile_run
	nida events hostile.yaml 'K0 </script><script>ale' >story
	grep -q call.ended story
	nida purge --person +96890010000 --yes >out
	tame out
	nida report hostile.yaml
	[ "$(grep -c 'K0 ' "$folder/results.csv")" -eq 0 ]
}
