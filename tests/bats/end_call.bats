#!/usr/bin/env bats
# nida end-call: by key, phone, job id and --all, through Hamsa and through Twilio.

load helper

setup() {
	begin_test
	clock 60
	list 4
	# Were a terminated call tried again, it would be here.
	campaign night <<<'retry: {attempts: 3, on: {no_answer: [2s], failed: [2s]}}'
	export TWILIO_ACCOUNT_SID=AC0123456789abcdef0123456789abcdef TWILIO_AUTH_TOKEN=right
}

teardown() {
	end_test
}

# Four calls that are up; options are the simulator's.
four_live() {
	start_sim --answer 100% --twilio-token right --ring 2s-2s --talk 50m-50m "$@"
	export TWILIO_BASE_URL=$origin
	start_run night.yaml
	wait_until counts "state = 'live'" 4
	wait_until is_talking 4
}

is_talking() {
	[ "$(ledger "SELECT count(*) FROM attempt WHERE status = 'IN_PROGRESS'")" -eq "$1" ]
}

# Each was ended from our side, once, and nobody was called again.
all_terminated() {
	await_exit 0
	facts 'complete()' 'set(ends().values()) == {"terminated"}' 'len(calls()) == 4' \
		'{r["attempts"] for r in results()} == {"1"}' 'follow_up() == []'
	[ "$(curl -s "$origin/sim/record" | grep -o '"live":[0-9]*')" = '"live":0' ]
}

@test "by key, by phone as people write it, by job id, and --all, through Hamsa" {
	four_live
	run -0 nida end-call night.yaml A1
	[ "$output" = "The call of A1 is over." ]
	run -0 nida end-call night.yaml '9001 0002'
	[ "$output" = "The call of A2 is over." ]
	run -0 nida end-call night.yaml "$(ledger "SELECT job_id FROM attempt WHERE phone = '+96890010003'")"
	[ "$output" = "The call of A3 is over." ]
	# Until the runner has seen them end, the three are live for the ledger.
	wait_until counts "state = 'done'" 3
	run -0 nida end-call night.yaml --all
	[ "$output" = "The call of A4 is over." ]
	all_terminated
	facts '{c.status for c in calls()} == {"TERMINATED"}'
}

@test "only the call that is meant ends" {
	four_live
	nida end-call night.yaml A3
	facts '[c.to for c in calls() if c.ended] == ["+96890010003"]'
	nida end-call night.yaml --all
	all_terminated
}

@test "--via twilio: one trunk call fits, and is ended" {
	four_live
	run -0 nida end-call night.yaml A2 --via twilio
	[ "$output" = "The call of A2 is over." ]
	# The line dropped; Hamsa was not asked to terminate.
	facts '[(c.to, c.status) for c in calls() if c.ended] == [("+96890010002", "COMPLETED")]'
	nida end-call night.yaml --all --via twilio
	all_terminated
}

@test "--via twilio: plain numbers work as well" {
	four_live --twilio-direct
	nida end-call night.yaml --all --via twilio
	all_terminated
}

@test "--via twilio: no call fits, nothing is ended" {
	four_live
	HAMSA_PHONE_NUMBER=+96824999999 run -1 nida end-call night.yaml A1 --via twilio
	[ "${lines[0]}" = "Twilio has no live call to +96890••••01 from our number in this account: it is over, or does not run over this account. Nothing was ended." ]
	[ "${lines[1]}" = "nida: 1 of 1 calls could not be ended." ]
	facts 'not any(c.ended for c in calls())'
}

@test "--via twilio: two calls fit, nothing is ended" {
	sed -i '4,$d' customers.csv
	echo 'A9,90010001,Same Number,en,1.000,2026-12-01' >>customers.csv
	four_live_of_one_number
	run -1 nida end-call night.yaml A1 --via twilio
	[[ $output == *"2 live calls at Twilio fit +96890••••01 and our number"* ]]
	facts 'not any(c.ended for c in calls())'
}

# The second call to the number is not nida's: somebody else placed it beside the run.
four_live_of_one_number() {
	start_sim --answer 100% --twilio-token right --ring 2s-2s --talk 50m-50m
	export TWILIO_BASE_URL=$origin
	start_run night.yaml
	wait_until is_talking 2
	curl -s -H 'Authorization: Token any' "$HAMSA_BASE_URL/voice-agents/phone-number/call" \
		-d '{"toNumber":"+96890010001","phoneNumber":"+96824000000","voiceAgentId":"x","params":{}}'
}

@test "an attempt to end that failed leaves no trace in the outcome" {
	# The call goes on, ends by itself, and counts as what it was: a wish that came to nothing must
	# not make a call that was answered, or not, a terminated one that is never tried again.
	campaign night </dev/null
	start_sim --answer 100% --ring 2s-2s --talk 2m-2m
	export TWILIO_BASE_URL=$origin
	start_run night.yaml
	wait_until is_talking 4
	HAMSA_PHONE_NUMBER=+96824999999 run -1 nida end-call night.yaml A1 --via twilio
	await_exit 0
	facts 'complete()' 'set(ends().values()) == {"completed"}'
}

@test "Twilio refuses a call that is locked, and a wrong token" {
	four_live --fault locked=100%
	run -1 nida end-call night.yaml A1 --via twilio
	[[ $output == *"21220"* ]]
	TWILIO_AUTH_TOKEN=wrong run -1 nida end-call night.yaml A1 --via twilio
	[[ $output == *"20003"* ]]
	unset TWILIO_AUTH_TOKEN
	run -1 nida end-call night.yaml A1 --via twilio
	[[ $output == *"TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set"* ]]
	facts 'not any(c.ended for c in calls())'
}

@test "without a runner end-call records the end itself" {
	four_live
	kill -9 "$runner"
	wait "$runner" || true
	nida end-call night.yaml --all
	[ "$(ledger "SELECT count(*) FROM contact WHERE state = 'done' AND why = 'terminated'")" -eq 4 ]
	nida run night.yaml
	facts 'complete()' 'len(calls()) == 4' 'set(ends().values()) == {"terminated"}'
}

@test "what cannot be meant is said, exit 2" {
	four_live
	run -2 nida end-call night.yaml
	[[ $output == *"Whose call? Give a row's key, a number or a job id, or --all."* ]]
	run -2 nida end-call night.yaml A9
	[[ $output == *"No live call of run "*" fits A9."* ]]
	run -2 nida end-call night.yaml A1 --via fax
	[[ $output == *"--via is 'fax'; expected hamsa or twilio."* ]]
	facts 'not any(c.ended for c in calls())'
}
