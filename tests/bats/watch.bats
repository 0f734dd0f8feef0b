#!/usr/bin/env bats
# Looking at a run and holding it, from another terminal: status, pause, resume, events, report, signals.

load helper

setup() {
	begin_test
}

teardown() {
	end_test
}

# A run that goes on: 60 rows, one a second, 5 s to ring and 10 min of talk.
begin_slow_run() {
	clock 60
	list 60
	campaign night <<<'pace: {calls_per_minute: 60, live: 100}'
	start_sim --answer 100% --ring 5s-5s --talk "${1:-10m-10m}"
	start_run night.yaml
	wait_until asked 5
}

is_talking() {
	[ "$(ledger "SELECT count(*) FROM attempt WHERE status = 'IN_PROGRESS'")" -eq "$1" ]
}

says_dialling() {
	nida status night.yaml | grep -q '^why        calls are being placed$'
}

has_report() {
	test -s "$(echo reports/night/*/"$1")"
}

@test "status: a run that goes on" {
	clock 60
	list 3
	campaign night <<<'pace: {calls_per_minute: 60, live: 100}'
	start_sim --answer 100% --ring 5s-5s --talk 1h-1h
	start_run night.yaml
	wait_until counts "state = 'live'" 3
	wait_until is_talking 3
	run -0 nida status night.yaml
	[[ ${lines[0]} == "campaign   night, run $(run_name), open; process $runner runs it" ]]
	[[ ${lines[1]} == "started    Sun 22 Nov 1"*" Asia/Muscat, "*" ago, list customers.csv" ]]
	[ "${lines[2]}" = "why        nothing is dialled now: everybody has been called" ]
	[ "${lines[3]}" = "rows       3 = 3 live" ]
	[ "${lines[4]}" = "calls      3 made, 0 answered, 0 no answer, 0 failed, talked 0 s, cost 0.000" ]
	[[ ${lines[5]} =~ ^"pace       "[0-3]" calls in the last minute, at most 60; 3 live, at most 100"$ ]]
	[ "${lines[6]}" = "hours      open at any time of day and night" ]
	[ "${lines[7]}" = "breaker    0 of the last 0 calls failed; trips at 100 % of 1000" ]
	[[ ${lines[8]} == "  live      A1           +96890••••01  attempt 1, for "*", IN_PROGRESS" ]]
	[ "${#lines[@]}" -eq 11 ]
}

@test "status: while calls are being placed it says so" {
	begin_slow_run
	wait_until says_dialling
}

@test "status --json: the same for machines, and its counts add up" {
	begin_slow_run
	nida status night.yaml --json >status.json
	nida status --ledger nida.db --json >all.json
	"$PYTHON" - "$runner" <<-'EOF'
		import json, sys
		found = json.load(open("status.json"))
		assert found["campaign"] == "night" and found["state"] == "open", found
		assert found["runner"] == int(sys.argv[1]) and found["paused_by"] is None, found
		assert found["rows"] == 60 == sum(found["states"].values()), found
		assert len(found["open"]) == found["states"]["live"] + found["states"]["placing"], found
		assert {call["state"] for call in found["open"]} <= {"live", "placing"}, found
		assert found["open"][0]["key"] == "A1" and len(found["open"][0]["job_id"]) == 36, found
		every = [json.loads(line) for line in open("all.json")]
		assert [each["campaign"] for each in every] == ["night"], every
	EOF
}

@test "status: after the end, after a kill, and of all campaigns of the ledger" {
	clock 600
	list 4
	campaign night </dev/null
	campaign morning </dev/null
	start_sim --answer 100%
	nida run night.yaml
	run -3 nida run morning.yaml --limit 1
	run -0 nida status night.yaml
	[[ $output == *"why        nothing is dialled now: the run is finished"* ]]
	[[ $output == *"done        4 completed     The customer answered and the call ended normally."* ]]
	run -0 nida status morning.yaml
	[[ $output == *"why        nothing is dialled now: no runner is alive; run the campaign again to go on"* ]]
	run -0 nida status --ledger nida.db
	[ "${#lines[@]}" -eq 2 ]
	[[ $output =~ morning\ +2026-11-22-1...\ +open\ +1/4\ over,\ 0\ live,\ 0\ in\ doubt ]]
	[[ $output =~ night\ +2026-11-22-1...\ +finished\ +4/4\ over ]]
}

@test "status, events, report and pause before any run: what is missing, exit 2" {
	list 2
	campaign night </dev/null
	for verb in status events report pause resume; do
		run -2 nida "$verb" night.yaml
		[[ $output == *"nida.db: there is no ledger here"* ]]
	done
	[ ! -e nida.db ]
}

@test "pause is effective at once and lasts; resume lets the run go on" {
	begin_slow_run 10s-10s
	run -0 nida pause night.yaml --reason 'wrong price list'
	[[ $output == *"is paused: no further call is placed, live calls are followed."* ]]
	noted=$(ledger 'SELECT noted_ms FROM runner')
	wait_until looked_around $((noted + 30000))
	# The runner may have been deciding on one call when the pause was written; it knows before the next.
	[ "$(ledger "SELECT count(*) FROM event WHERE kind = 'call.intent'
		AND id > (SELECT id FROM event WHERE kind = 'run.paused')")" -le 1 ]
	wait_until none "state IN ('placing', 'live')"
	facts 'len(calls()) < 60'
	before=$(asked_count)
	run -0 nida status night.yaml
	[[ $output == *"why        nothing is dialled now: paused by operator: wrong price list"* ]]
	run -0 nida pause night.yaml
	[[ $output == *"is paused already: wrong price list."* ]]
	grep -q 'warn  Paused by operator: wrong price list. Live calls are followed.' err
	# Those who were up have been followed to their end.
	facts 'len(made()) == sum(e["event"] == "ended" for e in record())'
	kill "$runner"
	await_exit 3

	# Kept over a start.
	run -3 nida run night.yaml
	[[ $output == *"Paused by operator: wrong price list. "*"nida resume"*" lets it go on."* ]]
	[ "$(asked_count)" -eq "$before" ]
	run -0 nida resume night.yaml
	[[ $output == *"may go on; no runner is alive"* ]]
	nida run night.yaml
	facts 'complete()' 'each_once()'
}

@test "a pause that is taken back while live calls are followed" {
	begin_slow_run 1m-1m
	nida pause night.yaml
	noted=$(ledger 'SELECT noted_ms FROM runner')
	wait_until looked_around $((noted + 15000))
	wait_until all_answered
	before=$(asked_count)
	wait_until looked_around $((noted + 30000))
	[ "$(asked_count)" -eq "$before" ]
	[ "$before" -lt 60 ]
	run -0 nida resume night.yaml
	[[ $output == *"goes on."* ]]
	wait_until asked $((before + 3))
	await_exit 0
	facts 'complete()' 'each_once()'
}

@test "events: the story of a run, and of one row, in order" {
	clock 600
	list 3
	campaign night <<<'retry: {attempts: 2, on: {no_answer: [1m]}}'
	start_sim --no-answer 100%
	nida run night.yaml
	nida events night.yaml >all
	nida events night.yaml A2 >one
	grep -q '^2026-11-22T1.*+04:00  run.created ' all
	grep -q 'run.finished' all
	[ "$(grep -c 'call.intent' all)" -eq 6 ]
	sort -c -s -k1,1 all
	[ "$(awk '{print $2}' one | grep -v 'call.status' | tr '\n' ' ')" = \
		"call.intent call.accepted call.ended call.retry call.intent call.accepted call.ended " ]
	[ "$(awk '{print $3}' one | sort -u)" = A2 ]
	# When the next call is due: by the campaign's clock, for people and for machines.
	due=$(ledger "SELECT text FROM event WHERE kind = 'call.retry' AND contact_id = (SELECT id FROM contact WHERE key = 'A2')")
	grep -q "call.retry .* the next call is due $(TZ=Asia/Muscat LC_ALL=C date -d "$due" '+%a %d %b %T')$" one
	grep -q 'call.intent .* attempt 2$' one
	nida events night.yaml A2 --json >one.json
	grep -q "\"call.retry\".*\"text\":\"$(TZ=Asia/Muscat date -d "$due" '+%FT%T+04:00')\"" one.json
	facts '[json.loads(line)["kind"] for line in open("one.json")] == [line.split()[1] for line in open("one")]' \
		'{json.loads(line)["key"] for line in open("one.json")} == {"A2"}'
	run -2 nida events night.yaml A9
	[[ $output == *"has no row with the key 'A9'"* ]]
}

@test "events: who paused, who ended a call, who took a number off the list" {
	begin_slow_run 1h-1h
	nida pause night.yaml --reason 'wrong price list'
	nida resume night.yaml
	nida end-call night.yaml A1
	nida suppress add +96890010060 --ledger nida.db
	wait_until counts "state = 'done'"
	wait_until counts "why = 'suppressed'"
	nida events night.yaml >all
	grep -q 'run.paused .* by operator: wrong price list$' all
	grep -q 'run.resumed .* by operator: nida resume$' all
	grep -q 'call.end_asked *A1 .* by nida end-call$' all
	grep -q 'call.ended *A1 .* terminated$' all
	grep -q 'row.skipped *A60 .* suppressed: on the do-not-call register$' all
}

@test "events: a key as a terminal shows it, with what keeps Arabic in its place" {
	clock 600
	list 1
	sed -i 's/^A1,/سالم,/' customers.csv
	campaign night </dev/null
	start_sim --answer 100%
	nida run night.yaml
	nida events night.yaml >all
	shown=$(awk '$2 == "call.intent" {print $3}' all)
	[ "$shown" = $'\xe2\x81\xa8سالم\xe2\x81\xa9' ]
	nida events night.yaml "$shown" >one
	grep -q 'call.ended' one
	# The same for every verb that takes a key.
	run -0 nida end-call night.yaml "$shown"
	[ "$output" = 'The call of سالم is over (completed).' ]
	run -2 nida settle night.yaml "$shown" --called
	[[ $output == *'Nothing is in doubt about سالم in run'* ]]
	run -0 nida run night.yaml --new --only "$shown" --limit 1
}

@test "report: again, in the formats and the folder that are asked for, also of a past run" {
	clock 600
	list 3
	campaign night </dev/null
	start_sim --answer 100%
	nida run night.yaml
	past=$(basename reports/night/*)
	list 2 4
	nida run night.yaml

	run -0 nida report night.yaml --format csv --out other
	[ "${#lines[@]}" -eq 3 ]
	[ "$(ls other/night/*)" = "$(printf 'follow-up.csv\nrejects.csv\nresults.csv')" ]
	cmp other/night/*/results.csv "$(dirname "${lines[0]/other/reports}")/results.csv"
	nida report night.yaml --run "$past" --format csv,json --out past
	[ "$(ls past/night/"$past")" = "$(printf 'follow-up.csv\nrejects.csv\nresults.csv\nresults.jsonl\nsummary.json')" ]
	cmp "past/night/$past/results.csv" "reports/night/$past/results.csv"
	facts "keys(read_csv('past/night/$past/results.csv')) == ['A1', 'A2', 'A3']" \
		"[json.loads(line) for line in open('past/night/$past/results.jsonl')] != []"
	nida report night.yaml --json >paths.json
	facts 'all(os.path.exists(path) for path in json.load(open("paths.json")).values())'
	run -2 nida report night.yaml --run never
	[[ $output == *"Campaign night has no run called 'never'"* ]]
	run -2 nida report night.yaml --format pdf
	[[ $output == *"--format: 'pdf' is no report; expected csv, html or json"* ]]
}

@test "the report of a past run says what the list and the scenario were then" {
	clock 600
	list 3
	campaign night </dev/null
	start_sim --answer 100%
	nida run night.yaml
	past=$(basename reports/night/*)
	cp "reports/night/$past/results.csv" before.csv
	rm customers.csv
	nida report night.yaml --run "$past" --format csv
	cmp before.csv "reports/night/$past/results.csv"
}

@test "SIGUSR1 writes the reports now" {
	begin_slow_run
	[ -z "$(find reports -type f)" ]
	kill -USR1 "$runner"
	wait_until has_report report.html
	facts 'len(results()) == 60' 'keys(results()) == keys(customers())' \
		'"live" in {r["state"] for r in results()}'
	kill -0 "$runner"
}

@test "the reports are written again while the run goes on" {
	clock 60
	list 60
	campaign night <<-EOF
		pace: {calls_per_minute: 60, live: 100}
		report: {dir: reports, formats: [csv], every: 10s}
	EOF
	start_sim --answer 100%
	start_run night.yaml
	wait_until has_report results.csv
	kill -0 "$runner"
	await_exit 0
	facts 'complete()' 'each_once()'
}
