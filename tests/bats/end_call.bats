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

# The text of the newest event call.KIND.
story() {
	ledger "SELECT text FROM event WHERE kind = 'call.$1' ORDER BY id DESC LIMIT 1"
}

@test "by key, by phone as people write it, by job id, and --all, through Hamsa" {
	four_live
	run -0 --separate-stderr nida end-call night.yaml A1
	[ "$output" = "The call of A1 was ended." ]
	[ "$stderr" = "Asking Hamsa to end the call of A1 …" ]
	run -0 --separate-stderr nida end-call night.yaml '9001 0002'
	[ "$output" = "The call of A2 was ended." ]
	run -0 --separate-stderr nida end-call night.yaml "$(ledger "SELECT job_id FROM attempt WHERE phone = '+96890010003'")"
	[ "$output" = "The call of A3 was ended." ]
	# Until the runner has seen them end, the three are live for the ledger.
	wait_until counts "state = 'done'" 3
	run -0 --separate-stderr nida end-call night.yaml --all
	[ "$output" = "The call of A4 was ended." ]
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
	run -0 --separate-stderr nida end-call night.yaml A2 --via twilio
	[ "$output" = "The call of A2 was ended." ]
	[ "$stderr" = "Asking Twilio to end the call of A2 …" ]
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
	local why="Twilio has no live call to +96890••••01 from our number in this account: it is over, or does not run over this account. Nothing was ended."
	[ "${lines[0]}" = "Asking Twilio to end the call of A1 …" ]
	[ "${lines[1]}" = "$why" ]
	[ "${lines[2]}" = "nida: 1 of 1 calls could not be ended." ]
	# The story of the row says as much.
	[ "$(story end_asked)" = "nida end-call, through Twilio" ]
	[ "$(story end_failed)" = "nobody could end it: $why" ]
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

@test "three at once for one call: it ends once, and stays terminated" {
	local i pids=() via
	for via in hamsa twilio; do
		list 1
		rm -f nida.db*
		# Ended through Twilio a call looks like one that ended by itself; were a wish taken back
		# by somebody who found it over, its outcome would be completed.
		one_live
		for i in 1 2 3; do
			"$NIDA_BUILD/nida" end-call night.yaml A1 --via $via >"end.$i" 2>&1 3>&- &
			pids[i]=$!
			started+=("${pids[i]}")
		done
		for i in 1 2 3; do
			wait_until is_over "${pids[i]}"
			wait "${pids[i]}" || { cat "end.$i"; return 1; }
		done
		# One of them ended it, and the two that came later say that they did not: they had to wait
		# for their turn, or looked when the runner had recorded the end already.
		[ "$(cat end.[123] | grep -cx 'The call of A1 was ended\.')" -eq 1 ]
		[ "$(cat end.[123] | grep -cx 'The call of A1 \(was over before\|is over (terminated)\)\.')" -eq 2 ]
		await_exit 0
		facts 'complete()' 'set(ends().values()) == {"terminated"}'
		end_sim
		[ "$(ledger "SELECT count(*) FROM event WHERE kind = 'call.end_asked'")" -eq 1 ]
		[ "$(ledger "SELECT count(*) FROM event WHERE kind = 'call.end_failed'")" -eq 0 ]
	done
}

one_live() {
	start_sim --answer 100% --twilio-token right --ring 2s-2s --talk 50m-50m "$@"
	export TWILIO_BASE_URL=$origin
	start_run night.yaml
	wait_until is_talking 1
}

@test "asked again it says that the call is over, exit 0" {
	four_live
	nida end-call night.yaml --all
	await_exit 0
	run -0 nida end-call night.yaml A1
	[ "$output" = "The call of A1 is over (terminated)." ]
	run -0 nida end-call night.yaml '9001 0002'
	[ "$output" = "The call of A2 is over (terminated)." ]
	run -0 nida end-call night.yaml "$(ledger "SELECT job_id FROM attempt WHERE phone = '+96890010003'")"
	[ "$output" = "The call of A3 is over (terminated)." ]
	run -0 nida end-call night.yaml --all
	[ "$output" = "No call of run $(run_name) is live." ]
	run -2 nida end-call night.yaml +96890019999
	[[ $output == *"No live call of run $(run_name) fits +96890019999."* ]]
}

@test "two live calls that fit: they are named, and nothing is ended" {
	# The key of one row is the number of another.
	printf '%s\n' account_no,mobile,customer_name,lang,balance,due_date \
		'90010002,90010009,Salim,en,1.000,2026-12-01' 'A2,90010002,Salma,en,1.000,2026-12-01' >customers.csv
	start_sim --answer 100% --ring 2s-2s --talk 50m-50m
	start_run night.yaml
	wait_until is_talking 2
	run -2 nida end-call night.yaml 90010002
	[ "$output" = "nida: 2 live calls fit 90010002: of the rows 90010002, A2. Name one by its key; nothing was ended." ]
	facts 'not any(c.ended for c in calls())'
}

@test "a row that was not called yet, one that is skipped, one in doubt" {
	campaign night <<<'pace: {calls_per_minute: 60, live: 1}'
	echo 'A5,12,Bad Number,en,1.000,2026-12-01' >>customers.csv
	four_live_one_up
	run -0 nida end-call night.yaml A4
	[ "${lines[0]}" = "A4 has not been called yet." ]
	[ "${lines[1]}" = "It waits and may be called at any time; \`nida suppress add +96890010004 --ledger nida.db\` keeps it from being called." ]
	[ "${#lines[@]}" -eq 2 ]
	run -0 nida end-call night.yaml A5
	[ "$output" = "A5 has no live call: skipped (invalid_phone)." ]
	kill -9 "$runner"
	wait "$runner" || true
	rm -f nida.db*
	end_sim
	start_sim --fault lost-request=100%
	start_run night.yaml
	wait_until counts "state = 'in_doubt'"
	run -1 nida end-call night.yaml A1
	[[ $output == *"The call of A1 has no job id yet (in_doubt), so that nobody can be asked to end it."* ]]
}

four_live_one_up() {
	start_sim --answer 100% --ring 2s-2s --talk 50m-50m
	start_run night.yaml
	wait_until is_talking 1
}

@test "a call that Hamsa names at Twilio is ended by its sid, and the sid is kept" {
	# Two fit by their numbers; the sid alone tells which.
	list 1
	one_live --tell-sid
	curl -s -H 'Authorization: Token any' "$HAMSA_BASE_URL/voice-agents/phone-number/call" \
		-d '{"toNumber":"+96890010001","phoneNumber":"+96824000000","voiceAgentId":"x","params":{}}'
	run -0 nida end-call night.yaml A1 --via twilio
	await_exit 0
	[ "$(ledger "SELECT twilio_sid FROM attempt")" = "CA$(ledger "SELECT replace(job_id, '-', '') FROM attempt")" ]
	# Nothing was looked for.
	[ "$(curl -s "$origin/sim/requests" | jq '.["GET /2010-04-01/Accounts/*/Calls.json"]')" -eq 0 ]
	facts 'set(ends().values()) == {"terminated"}'
}

@test "without a runner: cost, transcript and a do-not-call are recorded as ever" {
	list 1
	start_sim --answer 100% --twilio-token right --ring 2s-2s --talk 50m-50m
	export TWILIO_BASE_URL=$origin
	start_run night.yaml
	wait_until is_talking 1
	kill -9 "$runner"
	wait "$runner" || true
	# The line drops; whatever this customer has said is a do-not-call here.
	local job said
	job=$(ledger 'SELECT job_id FROM attempt')
	curl -s -u "$TWILIO_ACCOUNT_SID:right" -d Status=completed \
		"$origin/2010-04-01/Accounts/$TWILIO_ACCOUNT_SID/Calls/CA${job//-/}.json"
	said=$(curl -s -H 'Authorization: Token any' "$HAMSA_BASE_URL/voice-agents/conversation/$job" |
		jq -r .data.jobResponse.outcomeResult.disposition)
	sed -i "s/^suppress_when: .*/suppress_when: {disposition: $said}/; s/of: \[/of: [$said, /" scenario.yaml
	run -0 nida end-call night.yaml A1
	[ "${lines[1]}" = "The call of A1 was over before." ]
	[ "$(ledger "SELECT why FROM contact")" = completed ]
	[ "$(ledger "SELECT count(*) FROM suppression WHERE phone = '+96890010001'")" -eq 1 ]
	[ "$(ledger "SELECT cost_micro > 0 FROM attempt")" -eq 1 ]
	[ "$(ledger "SELECT transcript <> '[]' FROM conversation")" -eq 1 ]
	# It was the last call: the run is finished, with its report.
	[ "$(ledger "SELECT state FROM run")" = finished ]
	facts 'complete()' 'set(ends().values()) == {"completed"}'
}

@test "what was said before the end is heard, also when Hamsa tells it late" {
	list 1
	one_live --fault late-transcript=100%
	run -0 nida end-call night.yaml A1
	await_exit 0
	[ "$(ledger "SELECT transcript <> '[]' FROM conversation")" -eq 1 ]
	facts 'set(ends().values()) == {"terminated"}'
}

@test "the end of a call is not recorded under a lock that is gone" {
	list 1
	clock 4
	# Reading what was said takes a while.
	one_live --fault late-transcript=100%,transcript-reads=20
	kill -9 "$runner"
	wait "$runner" || true
	"$NIDA_BUILD/nida" end-call night.yaml A1 >end.out 2>&1 3>&- &
	started+=("$!")
	wait_until grep -qx "$!" nida.db.night.lock
	rm nida.db.night.lock
	wait_until is_over "${started[-1]}"
	run -1 wait "${started[-1]}"
	grep -q 'nida.db.night.lock was deleted, moved or replaced' end.out
	[ "$(ledger 'SELECT state FROM attempt')" = live ]
}

@test "a row that waits for another try: when, by the campaign's clock, and how to keep it from that" {
	list 1
	campaign night <<<'retry: {attempts: 3, on: {no_answer: [10h]}}'
	start_sim --no-answer 100%
	start_run night.yaml
	wait_until counts "state = 'pending' AND attempts = 1"
	local due
	due=$(TZ=Asia/Muscat LC_ALL=C date -d "@$(ledger 'SELECT due_ms / 1000 FROM contact')" '+%a %-d %b %H:%M:%S')
	[[ $due == "Sun 22 Nov 20:"* ]]
	run -0 --separate-stderr nida end-call night.yaml A1
	[ "${lines[0]}" = "The call of A1 is over (no_answer)." ]
	[ "${lines[1]}" = "The row is due again $due (Asia/Muscat); \`nida suppress add +96890010001 --ledger nida.db\` keeps it from being called." ]
	[ "${#lines[@]}" -eq 2 ]
	[ -z "$stderr" ]
	run -0 nida end-call night.yaml A1 --json
	jq -e '.result == "over_before" and .outcome == "no_answer" and .state == "pending" and .waits and
		(.due | startswith("2026-11-22T16:"))' <<<"$output"
	# What it advises does what it says.
	nida suppress add +96890010001 --ledger nida.db
	clock 600 2026-11-23T10:00:00+04:00
	kill -9 "$runner"
	wait "$runner" || true
	run -0 nida run night.yaml
	[ "$(ledger 'SELECT state, why FROM contact')" = 'skipped|suppressed' ]
	run -0 nida end-call night.yaml A1
	[ "$output" = "A1 has no live call: skipped (suppressed)." ]
}

@test "a Hamsa that hangs: what is being done is said at once" {
	local first second
	start_other --hang 1 --talk 3600
	list 1
	start_run night.yaml
	wait_until counts "state = 'live'"
	end_beside first
	first=$!
	wait_until test -s first
	[ "$(cat first)" = "Asking Hamsa to end the call of A1 …" ]
	# And by whoever has to wait for that one.
	end_beside second
	second=$!
	wait_until test -s second
	[ "$(cat second)" = "Another process is ending calls of campaign night; waiting for it …" ]
	kill -0 "$first" "$second"
}

# end_beside FILE: nida end-call beside the test, and what it says in the file.
end_beside() {
	"$NIDA_BUILD/nida" end-call night.yaml A1 >"$1" 2>&1 3>&- &
	started+=("$!")
}

@test "Twilio is not spoken of where nobody has set it up" {
	unset TWILIO_ACCOUNT_SID TWILIO_AUTH_TOKEN
	local job
	list 1
	start_sim --answer 100% --ring 2s-2s --talk 50m-50m
	start_run night.yaml
	wait_until is_talking 1
	job=$(ledger 'SELECT job_id FROM attempt')
	HAMSA_BASE_URL=$origin/nowhere run -1 --separate-stderr nida end-call night.yaml A1
	[[ $stderr == *"Hamsa did not end the call of A1: "* && $stderr != *Twilio* ]]
	[ "$(story end_asked)" = "nida end-call" ]
	[[ $(story end_failed) == "nobody could end it: Hamsa did not end the call of A1: "* ]]
	# Half of it is a mistake that is worth a word, and who names Twilio means it.
	export TWILIO_ACCOUNT_SID=AC0123456789abcdef0123456789abcdef
	HAMSA_BASE_URL=$origin/nowhere run -1 nida end-call night.yaml A1
	[[ $output == *"Hamsa did not end the call of A1: "*" TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set; "* ]]
	[ "$(story end_asked)" = "nida end-call, through Hamsa or else Twilio" ]
	unset TWILIO_ACCOUNT_SID
	run -1 nida end-call night.yaml A1 --via twilio
	[[ $output == *"TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set; "* ]]
	run -0 nida end-call night.yaml A1 --via hamsa
	[ "$(story end_asked)" = "nida end-call, through Hamsa" ]
	facts "[c.status for c in calls()] == ['TERMINATED']"
}

# start_try [OPTION...]: nida try beside the test.
start_try() {
	"$NIDA_BUILD/nida" try night.yaml --to +96899990001 "$@" >try.out 2>try.err 3>&- &
	try=$!
	started+=("$try")
}

job_of_try() {
	ledger "SELECT text FROM event WHERE kind = 'try.accepted'"
}

@test "try: Ctrl-C stops the waiting, names the call, and end-call ends it by its job id" {
	list 1
	start_sim --answer 100% --ring 2s-2s --talk 50m-50m
	start_try
	wait_until grep -qx IN_PROGRESS try.err
	local job
	job=$(job_of_try)
	kill -INT "$try"
	wait_until is_over "$try"
	run -3 wait "$try"
	[ ! -s try.out ]
	[ "$(tail -1 try.err)" = "No longer waiting; the call may go on. Its job id is $job: \`nida end-call night.yaml $job\` ends it." ]
	facts 'not any(c.ended for c in calls())'
	# The campaign has never been run.
	run -0 --separate-stderr nida end-call night.yaml "$job"
	[ "$output" = "The test call $job was ended." ]
	[ "$stderr" = "Asking Hamsa to end the test call $job …" ]
	facts '[c.status for c in calls()] == ["TERMINATED"]'
	[ "$(ledger "SELECT text FROM event WHERE kind = 'try.end_asked'")" = "$job by nida end-call, through Hamsa or else Twilio" ]
	run -0 --separate-stderr nida end-call night.yaml "$job"
	[ "$output" = "The test call $job was over before." ]
	run -0 nida end-call night.yaml "$job" --json
	jq -se --arg job "$job" 'length == 1 and .[0].result == "over_before" and .[0].job_id == $job and .[0].key == null' \
		< <(grep '^{' <<<"$output")
	run -2 nida end-call night.yaml 00000000-0000-4000-8000-000000000000
	[[ $output == *"Campaign night has not been run yet."* ]]
}

@test "try: its call is ended through Twilio too, and one that Hamsa does not know is said to fail" {
	list 1
	start_sim --answer 100% --twilio-token right --ring 2s-2s --talk 50m-50m
	export TWILIO_BASE_URL=$origin
	start_try --ledger other.db
	wait_until grep -qx IN_PROGRESS try.err
	kill -TERM "$try"
	wait_until is_over "$try"
	run -3 wait "$try"
	local job
	job=$(sqlite3 other.db "SELECT text FROM event WHERE kind = 'try.accepted'")
	[[ $(tail -1 try.err) == *"\`nida end-call night.yaml $job --ledger other.db\` ends it." ]]
	HAMSA_PHONE_NUMBER=+96824999999 run -1 nida end-call night.yaml "$job" --ledger other.db --via twilio
	[ "${lines[-1]}" = "nida: The test call $job could not be ended." ]
	[ "$(sqlite3 other.db "SELECT count(*) FROM event WHERE kind = 'try.end_failed'")" -eq 1 ]
	run -0 nida end-call night.yaml "$job" --ledger other.db --via twilio
	[ "${lines[-1]}" = "The test call $job was ended." ]
	facts '[c.status for c in calls()] == ["COMPLETED"]'
}

@test "try: while Hamsa does not answer, the first Ctrl-C waits for the job id and the second leaves" {
	list 1
	start_other --hang 0
	start_try
	wait_until test -e nida.db
	asked_for() { [ "$(ledger "SELECT count(*) FROM event WHERE kind = 'try.intent'")" -eq 1 ]; }
	wait_until asked_for
	catching() { grep -q '^SigCgt:.*[2367abef]$' "/proc/$try/status"; }
	wait_until catching
	kill -INT "$try"
	wait_until grep -q 'Stopping as soon as Hamsa says which call this is. Ctrl-C again leaves at once.' try.err
	kill -0 "$try"
	kill -INT "$try"
	wait_until is_over "$try"
	run -3 wait "$try"
	[ "$(tail -1 try.err)" = "No longer waiting; Hamsa has not answered, so it is not certain whether +96899990001 is being called." ]
}
