#!/usr/bin/env bats
# nida audit: the ledger against Hamsa's own list, call by call.

load helper

setup() {
	begin_test
	clock 60
	list 6
}

teardown() {
	end_test
}

# edit SQL: what a ledger would say that is wrong.
edit() {
	sqlite3 -cmd '.timeout 5000' nida.db "$1"
}

finished_run() {
	campaign night </dev/null
	start_sim --answer 100% "$@"
	nida run night.yaml
}

place_beside() {
	curl -s -H 'Authorization: Token any' "$HAMSA_BASE_URL/voice-agents/phone-number/call" \
		-d '{"toNumber":"+96892222222","phoneNumber":"+96824000000","voiceAgentId":"'"$1"'","params":{}}' |
		grep -o '"jobId":"[^"]*"' | cut -d'"' -f4
}

@test "all accounted for" {
	finished_run
	run -0 nida audit night.yaml
	[ "$output" = "6 calls, all accounted for." ]
	run -0 nida audit night.yaml --json
	[ "$output" = '{"campaign":"night","run":"'"$(run_name)"'","calls":6,"missing":0,"unknown":0,"different":0,"in_doubt":0}' ]
}

@test "retries, test calls, other runs and other agents are no differences" {
	campaign night <<<'retry: {attempts: 3, on: {no_answer: [2s], failed: [2s]}}'
	start_sim --answer 30% --fault no-cost=50%
	nida run night.yaml
	nida run night.yaml --new --limit 2 || true
	nida try night.yaml --to +96891234567
	place_beside another-agent
	run -0 nida audit night.yaml --run "$(run_name)"
	[[ $output == *" calls, all accounted for." ]]
	run -0 nida audit night.yaml
	[ "$output" = "2 calls, all accounted for." ]
}

@test "lost answers that were adopted, and lists that lag and repeat, are no differences" {
	finished_run --fault lost-answer=40%,stale-list=10s,duplicate-row=20%
	run -0 nida audit night.yaml
	[[ $output == *" calls, all accounted for." ]]
}

@test "missing at Hamsa" {
	finished_run
	edit "UPDATE attempt SET job_id = 'gone-0001' WHERE id = (SELECT id FROM attempt WHERE phone = '+96890010003')"
	run -1 nida audit night.yaml
	# Hamsa's call of that row bears the row's reference, and is known by it.
	[ "${lines[0]}" = "missing    A3, attempt 1, gone-0001" ]
	[ "${lines[1]}" = "           ledger: completed; Hamsa: knows no such call" ]
	[[ ${lines[2]} == "unknown    A3, attempt 1, "????????-* ]]
	[ "${lines[3]}" = "           ledger: completed; Hamsa: made this call for it (COMPLETED)" ]
	[ "${lines[4]}" = "nida: Run $(run_name) of campaign night, 6 calls: 1 missing at Hamsa, 1 unknown to the ledger, 0 different, 0 in doubt." ]
}

@test "unknown to the ledger: a call of our agent that nobody here placed" {
	campaign night <<<'pace: {calls_per_minute: 20, live: 1}'
	start_sim --answer 100%
	start_run night.yaml
	wait_until asked 2
	foreign=$(place_beside "$HAMSA_VOICE_AGENT_ID")
	await_exit 0
	run -1 nida audit night.yaml
	[ "${lines[0]}" = "unknown    $foreign" ]
	[[ ${lines[1]} =~ ^\ {11}ledger:\ nothing\ here\ placed\ it\;\ Hamsa:\ (COMPLETED|IN_PROGRESS|PENDING)\ to\ \+96892222222,\ Sun\ 22\ Nov\ 1 ]]
	run -1 --separate-stderr nida audit night.yaml --json
	[ "$(jq -r 'select(.kind == "unknown") | .job_id' <<<"$output")" = "$foreign" ]
	[ "$(jq -r 'select(.calls) | .unknown' <<<"$output")" = 1 ]
}

@test "a call that was declared void, and exists" {
	finished_run
	edit "UPDATE attempt SET job_id = NULL, outcome = NULL, void = 'absent' WHERE phone = '+96890010002'"
	run -1 nida audit night.yaml
	[[ ${lines[0]} == "unknown    A2, attempt 1, "* ]]
	[ "${lines[1]}" = "           ledger: never made; Hamsa: made this call for it (COMPLETED)" ]
}

@test "another end than the ledger's" {
	finished_run
	edit "UPDATE attempt SET outcome = 'no_answer' WHERE phone = '+96890010004'"
	run -1 nida audit night.yaml
	[[ ${lines[0]} == "different  A4, attempt 1, "* ]]
	[ "${lines[1]}" = "           ledger: no_answer; Hamsa: COMPLETED" ]
}

@test "a call that a runner is just placing is no finding; one that a dead runner was placing is in doubt" {
	list 2
	campaign night <<<'pace: {calls_per_minute: 600, live: 1}'
	start_sim --answer 100% --ring 2s-2s --talk 10m-10m
	start_run night.yaml
	wait_until counts "state = 'live'" 1
	kill -STOP "$runner"
	edit "INSERT INTO attempt (contact_id, run_id, number, ref, state, phone, agent, request, intent_ms)
		SELECT id, run_id, 1, printf('%032x', 7), 'placing', phone, '', '{}', 1795327200000
		FROM contact WHERE state = 'pending'"
	run -0 nida audit night.yaml
	[ "$output" = "2 calls, all accounted for." ]
	kill -9 "$runner"
	wait "$runner" || true
	run -1 nida audit night.yaml
	[[ ${lines[0]} == "in_doubt   "* ]]
}

@test "while a run goes on; killed; and what is over without the ledger knowing" {
	campaign night </dev/null
	start_sim --answer 100% --ring 2s-2s --talk 10m-10m
	start_run night.yaml
	wait_until counts "state = 'live'" 6
	run -0 nida audit night.yaml
	[ "$output" = "6 calls, all accounted for." ]
	kill -9 "$runner"
	wait "$runner" || true
	for job in $(ledger 'SELECT job_id FROM attempt LIMIT 2'); do
		curl -s -H 'Authorization: Token any' "$HAMSA_BASE_URL/voice-agents/conversation/$job/terminate"
	done
	run -1 nida audit night.yaml
	[ "$(grep -c '^different ' <<<"$output")" -eq 2 ]
	[[ $output == *"ledger: live; Hamsa: TERMINATED"* ]]
	nida run night.yaml
	run -0 nida audit night.yaml
}

@test "in doubt" {
	list 2
	campaign night <<<'in_doubt: {settle: 30s, then: hold}'
	start_sim --fault lost-request=100%
	run -6 nida run night.yaml
	run -1 nida audit night.yaml
	[ "${lines[0]}" = "in_doubt   A1, attempt 1" ]
	[ "${lines[1]}" = "           ledger: in_doubt; Hamsa: nobody knows; \`nida settle\` decides" ]
	[[ $output == *"0 different, 2 in doubt."* ]]
}

@test "ended by us, by either way, is no difference" {
	campaign night </dev/null
	export TWILIO_ACCOUNT_SID=AC0123456789abcdef0123456789abcdef TWILIO_AUTH_TOKEN=right
	start_sim --answer 100% --ring 2s-2s --talk 50m-50m
	export TWILIO_BASE_URL=$origin
	start_run night.yaml
	wait_until counts "state = 'live'" 6
	nida end-call night.yaml A1 --via twilio
	nida end-call night.yaml --all
	await_exit 0
	run -0 nida audit night.yaml
	[ "$output" = "6 calls, all accounted for." ]
}

@test "another Hamsa, whose list heeds neither time nor agent" {
	campaign night </dev/null
	start_other
	nida run night.yaml
	run -0 nida audit night.yaml
	[ "$output" = "6 calls, all accounted for." ]
}

@test "a list of several pages" {
	clock 600
	list 450
	campaign night <<<'pace: {calls_per_minute: 6000, live: 1000}'
	start_sim --answer 100%
	nida run night.yaml
	before=$(reads)
	run -0 nida audit night.yaml
	[ "$output" = "450 calls, all accounted for." ]
	# By the list alone: no call is read by itself.
	[ "$(reads)" -eq "$before" ]
}

reads() {
	curl -s "$origin/sim/requests" | jq '.["GET /v1/voice-agents/conversation/*"]'
}

@test "what cannot be asked: no run yet, no key, no Hamsa" {
	campaign night </dev/null
	start_sim
	run -2 nida audit night.yaml
	finished_run
	HAMSA_API_KEY= run -2 nida audit night.yaml
	take_port
	HAMSA_BASE_URL=$closed run -1 nida audit night.yaml
	[[ $output == *"Hamsa's list of calls cannot be read: "* ]]
	start_sim --key another
	run -4 nida audit night.yaml
	[[ $output == *"\`nida hamsa status\` tells more."* ]]
}
