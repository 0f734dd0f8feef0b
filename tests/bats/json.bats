#!/usr/bin/env bats
# --json of the verbs that change something: what they did, or found done, as objects on standard output,
# one a line and nothing else; everything else stays on standard error, and so do the exit codes.

load helper

setup() {
	begin_test
	clock 60
	list 40
	campaign night <<<'pace: {calls_per_minute: 60, live: 4}'
}

teardown() {
	end_test
}

# Four calls that are up, 36 rows that wait; options are the simulator's.
four_live() {
	start_sim --answer 100% --ring 2s-2s --talk 50m-50m "$@"
	start_run night.yaml
	wait_until is_talking 4
}

is_talking() {
	[ "$(ledger "SELECT count(*) FROM attempt WHERE status = 'IN_PROGRESS'")" -eq "$1" ]
}

kill_runner() {
	kill -9 "$runner"
	wait "$runner" || true
}

# json CODE ARGUMENT...: nida with --json ends with this code, and every line of what it prints is an
# object.
json() {
	local code=$1
	shift
	run "-$code" --separate-stderr nida "$@" --json
	jq -ce 'objects' <<<"$output" >objects
	[ "$(wc -l <objects)" -eq "${#lines[@]}" ]
}

# Keys that only a JSON writer gets right.
hostile_key() {
	sed -i 's/^A1,/"A""1\\, ""b",/; s/""b"/""b"/' customers.csv
	key='A"1\, "b'
}

@test "suppress add, remove: how the register stands, and whether that is new" {
	json 0 suppress add +96890010001 --ledger nida.db --reason 'asked by "mail"'
	[ "$output" = '{"phone":"+96890010001","suppressed":true,"changed":true}' ]
	[[ $stderr == "nida.db is a new ledger: "* ]]
	json 0 suppress add '00968 9001-0001' --ledger nida.db
	[ "$output" = '{"phone":"+96890010001","suppressed":true,"changed":false}' ]
	json 0 suppress remove +96890010001 --ledger nida.db
	[ "$output" = '{"phone":"+96890010001","suppressed":false,"changed":true}' ]
	json 0 suppress remove +96890010001 --ledger nida.db
	[ "$output" = '{"phone":"+96890010001","suppressed":false,"changed":false}' ]
	run -2 --separate-stderr nida suppress add 9001 --ledger nida.db --json
	[ -z "$output" ]
}

@test "pause, resume: with a runner and without one" {
	four_live
	local run='"campaign":"night","run":"'"$(run_name)"'"'
	json 0 pause night.yaml --reason 'wrong "price" list'
	[ "$output" = "{$run,\"paused\":true,\"changed\":true,\"paused_by\":\"operator\",\"reason\":\"wrong \\\"price\\\" list\",\"runner\":$runner}" ]
	json 0 pause night.yaml --reason again
	[ "$output" = "{$run,\"paused\":true,\"changed\":false,\"paused_by\":\"operator\",\"reason\":\"wrong \\\"price\\\" list\",\"runner\":$runner}" ]
	json 0 resume night.yaml
	[ "$output" = "{$run,\"paused\":false,\"changed\":true,\"paused_by\":null,\"reason\":null,\"runner\":$runner}" ]
	json 0 resume night.yaml
	[ "$output" = "{$run,\"paused\":false,\"changed\":false,\"paused_by\":null,\"reason\":null,\"runner\":$runner}" ]
	run -0 nida resume night.yaml
	[ "$output" = "Run $(run_name) of campaign night is going on already." ]
	kill_runner
	json 0 resume night.yaml
	[ "$output" = "{$run,\"paused\":false,\"changed\":false,\"paused_by\":null,\"reason\":null,\"runner\":0}" ]
	[ -z "$stderr" ]
}

@test "resume without a runner says so, whether there was a pause to end or not" {
	four_live
	kill_runner
	local says="Run $(run_name) of campaign night may go on; no runner is alive, so start it with \`nida run\`."
	run -0 nida resume night.yaml
	[ "$output" = "$says" ]
	nida pause night.yaml
	run -0 nida resume night.yaml
	[ "$output" = "$says" ]
	[ "$(ledger "SELECT count(*) FROM event WHERE kind = 'run.resumed'")" -eq 1 ]
}

@test "end-call: a call that is ended, one that was over, rows that are not called, nothing live" {
	local key job run
	hostile_key
	echo 'A99,12,Bad Number,en,1.000,2026-12-01' >>customers.csv
	four_live
	run='"campaign":"night","run":"'"$(run_name)"'"'
	job=$(ledger 'SELECT job_id FROM attempt WHERE id = (SELECT min(id) FROM attempt)')
	json 0 end-call night.yaml "$key"
	[ "$output" = "{$run,\"key\":\"A\\\"1\\\\, \\\"b\",\"attempt\":1,\"job_id\":\"$job\",\"result\":\"ended\",\"why\":null,\"state\":null,\"reason\":null,\"outcome\":null,\"waits\":false,\"due\":null}" ]
	[ "$stderr" = "Asking Hamsa to end the call of $key …" ]
	wait_until counts "state = 'done'"
	json 0 end-call night.yaml "$key"
	[ "$output" = "{$run,\"key\":\"A\\\"1\\\\, \\\"b\",\"attempt\":null,\"job_id\":null,\"result\":\"over_before\",\"why\":null,\"state\":\"done\",\"reason\":null,\"outcome\":\"terminated\",\"waits\":false,\"due\":null}" ]
	json 0 end-call night.yaml A40
	[ "$output" = "{$run,\"key\":\"A40\",\"attempt\":null,\"job_id\":null,\"result\":\"no_live_call\",\"why\":null,\"state\":\"pending\",\"reason\":null,\"outcome\":null,\"waits\":true,\"due\":null}" ]
	json 0 end-call night.yaml A99
	[ "$output" = "{$run,\"key\":\"A99\",\"attempt\":null,\"job_id\":null,\"result\":\"no_live_call\",\"why\":null,\"state\":\"skipped\",\"reason\":\"invalid_phone\",\"outcome\":null,\"waits\":false,\"due\":null}" ]
	wait_until is_talking 4
	nida pause night.yaml
	json 0 end-call night.yaml --all
	[ "$(jq -r .result objects | sort | uniq -c | xargs)" = "4 ended" ]
	wait_until counts "state = 'done'" 5
	json 0 end-call night.yaml --all
	[ "$output" = "{$run,\"key\":null,\"attempt\":null,\"job_id\":null,\"result\":\"no_live_call\",\"why\":null,\"state\":null,\"reason\":null,\"outcome\":null,\"waits\":false,\"due\":null}" ]
}

@test "end-call: why nobody could end it; without a runner the reports are no result" {
	list 1
	four_live_one
	HAMSA_PHONE_NUMBER=+96824999999 TWILIO_ACCOUNT_SID=AC0123456789abcdef0123456789abcdef \
		TWILIO_AUTH_TOKEN=right TWILIO_BASE_URL=$origin json 1 end-call night.yaml A1 --via twilio
	jq -e '.result == "failed" and (.why | startswith("Twilio has no live call to +96890••••01")) and .attempt == 1' objects
	[[ $stderr == *"nida: 1 of 1 calls could not be ended." ]]
	# It is the last call of the run: the reports that are written then are named for people.
	kill_runner
	json 0 end-call night.yaml A1
	[ "${#lines[@]}" -eq 1 ]
	[ "$(ledger 'SELECT state FROM run')" = finished ]
	[[ $stderr == *"report   reports/night/"* ]]
}

four_live_one() {
	start_sim --answer 100% --twilio-token right --ring 2s-2s --talk 50m-50m
	start_run night.yaml
	wait_until is_talking 1
}

@test "cancel beside a runner: the calls that were ended, and last how the run stands" {
	four_live
	json 0 cancel night.yaml --end-live
	[ "$(jq -r 'select(.result).result' objects | uniq -c | xargs)" = "4 ended" ]
	[ "$(tail -1 objects | jq -c 'del(.live, .report_dir)')" = '{"campaign":"night","run":"'"$(run_name)"'","cancelled":true,"changed":true,"state":"cancelled","waiting":0,"not_called":36,"in_doubt":0,"runner":'"$runner"'}' ]
	[ "${#lines[@]}" -eq 5 ]
	[[ $stderr == "Run $(run_name) of campaign night is cancelled: 36 rows are not called any more."* ]]
	[[ $stderr == *"Process $runner runs it: "* ]]
	await_exit 3
	json 0 cancel night.yaml
	[ "$output" = '{"campaign":"night","run":"'"$(run_name)"'","cancelled":true,"changed":false,"state":"cancelled","waiting":0,"not_called":36,"live":0,"in_doubt":0,"runner":0,"report_dir":"'"$PWD"'/reports/night/'"$(run_name)"'"}' ]
	[ "$stderr" = "Run $(run_name) of campaign night was cancelled already." ]
}

@test "cancel without a runner: neither the reports nor on_finish get among the objects" {
	printf '#!/bin/sh\necho "hook: $NIDA_EXIT"\n' >finish.sh
	chmod +x finish.sh
	campaign night <<<'on_finish: [./finish.sh]
pace: {calls_per_minute: 60, live: 4}'
	four_live
	kill_runner
	json 0 cancel night.yaml --end-live
	[ "${#lines[@]}" -eq 5 ]
	[ "${lines[4]}" = '{"campaign":"night","run":"'"$(run_name)"'","cancelled":true,"changed":true,"state":"cancelled","waiting":0,"not_called":36,"live":0,"in_doubt":0,"runner":0,"report_dir":"'"$PWD"'/reports/night/'"$(run_name)"'"}' ]
	[[ $stderr == *"report   reports/night/$(run_name)/report.html"* ]]
	[[ $stderr == *"hook: 3"* ]]
}

@test "cancel that leaves, or fails, or finds nothing to do, says how the run stands all the same" {
	list 4
	four_live
	kill_runner
	"$NIDA_BUILD/nida" cancel night.yaml --json >cancel.out 2>cancel.err 3>&- &
	cancel=$!
	started+=("$cancel")
	wait_until grep -q '^SigCgt:.*[2367abef]$' "/proc/$cancel/status"
	kill -INT "$cancel"
	wait_until grep -q 'Ctrl-C again leaves at once' cancel.err
	kill -INT "$cancel"
	wait_until is_over "$cancel"
	run -3 wait "$cancel"
	[ "$(cat cancel.out)" = '{"campaign":"night","run":"'"$(run_name)"'","cancelled":true,"changed":true,"state":"cancelled","waiting":0,"not_called":0,"live":4,"in_doubt":0,"runner":0,"report_dir":null}' ]
	list 2 50
	start_sim --answer 100%
	nida run night.yaml
	json 0 cancel night.yaml
	jq -e '.cancelled == false and .changed == false and .state == "finished"' objects
	[[ $stderr == *"is finished; there is nothing to cancel." ]]
}

@test "settle: what is in doubt, and what was decided; cancel names it the same way" {
	local key words run
	list 3
	hostile_key
	campaign night <<<'in_doubt: {settle: 30s, then: hold}'
	start_sim --fault lost-request=100%
	start_run night.yaml
	await_exit 6
	run='"campaign":"night","run":"'"$(run_name)"'"'
	json 0 settle night.yaml
	[ "${#lines[@]}" -eq 3 ]
	[ "$(head -1 objects | jq -c 'del(.since, .words)')" = "{$run,\"key\":\"A\\\"1\\\\, \\\"b\",\"phone\":\"+96890010001\",\"attempt\":1,\"state\":\"in_doubt\"}" ]
	jq -e '(.since | startswith("2026-11-22T06:") and endswith("+00:00")) and (.words | length > 10)' objects
	json 0 settle night.yaml "$key" --called
	[ "$output" = "{$run,\"key\":\"A\\\"1\\\\, \\\"b\",\"attempt\":1,\"called\":true,\"state\":\"done\",\"reason\":null,\"outcome\":\"lost\"}" ]
	json 0 settle night.yaml A2 --not-called
	[ "$output" = "{$run,\"key\":\"A2\",\"attempt\":1,\"called\":false,\"state\":\"pending\",\"reason\":null,\"outcome\":null}" ]
	run -2 --separate-stderr nida settle night.yaml A2 --not-called --json
	[ -z "$output" ]
	json 6 cancel night.yaml
	[ "${#lines[@]}" -eq 2 ]
	[ "$(head -1 objects | jq -r .key)" = A3 ]
	jq -se '.[1] | .in_doubt == 1 and .not_called == 1 and .changed' objects
	json 0 settle night.yaml A3 --not-called
	[ "$output" = "{$run,\"key\":\"A3\",\"attempt\":1,\"called\":false,\"state\":\"skipped\",\"reason\":\"cancelled\",\"outcome\":null}" ]
	json_nothing settle night.yaml
}

# Not a single object.
json_nothing() {
	run -0 --separate-stderr nida "$@" --json
	[ -z "$output" ]
}

@test "try: the whole call, and one that nobody waits for" {
	local key job
	hostile_key
	start_sim --answer 100%
	json 0 try night.yaml --to +96899990001 --row "$key"
	job=$(ledger "SELECT text FROM event WHERE kind = 'try.accepted'")
	[ "$(jq -c '{campaign, to, row, job_id, over, status, words}' objects)" = '{"campaign":"night","to":"+96899990001","row":"A\"1\\, \"b","job_id":"'"$job"'","over":true,"status":"COMPLETED","words":null}' ]
	jq -e '(.talk_ms > 0) and (.recording | startswith("http")) and (.values | has("disposition")) and
		(.transcript | length > 1 and all(.speaker == "agent" or .speaker == "customer"))' objects
	start_sim --answer 100% --talk 50m-50m
	"$NIDA_BUILD/nida" try night.yaml --to +96899990002 --json >try.out 2>try.err 3>&- &
	try=$!
	started+=("$try")
	wait_until grep -qx IN_PROGRESS try.err
	kill -INT "$try"
	wait_until is_over "$try"
	run -3 wait "$try"
	job=$(ledger "SELECT text FROM event WHERE kind = 'try.accepted' ORDER BY id DESC LIMIT 1")
	[ "$(jq -c . try.out)" = '{"campaign":"night","to":"+96899990002","row":"A\"1\\, \"b","job_id":"'"$job"'","over":false,"status":"IN_PROGRESS"}' ]
}
