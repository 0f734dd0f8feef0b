#!/usr/bin/env bats
# nida status: what it says of guards, hours and reasons, for people and for machines.

load helper

setup() {
	begin_test
	list 6
}

teardown() {
	end_test
}

# metrics FILE: what a scraper makes of it, as JSON.
metrics() {
	"$PYTHON" -IS "$TESTS/support/exposition.py" <"$1"
}

# A run of six rows of which two were called, and nobody at it.
begin_and_leave() {
	clock 600
	start_sim "$@"
	run -3 nida run night.yaml --limit 2
}

guarded() {
	campaign night <<-'EOF'
		pace: {calls_per_minute: 30, live: 4}
		hours: {timezone: Asia/Muscat, open: {sun-thu: ["09:00-13:00", "16:00-20:00"]}}
		retry: {attempts: 1}
		guard:
		  breaker: {failures: 50%, of_last: 20}
		  canary: {rows: 5, min_answered: 20%}
		  budget: 25.000
		  per_person: {min_gap: 4h, per_day: 1, per_week: 3}
	EOF
}

@test "every reading, word for word, in the hours" {
	guarded
	begin_and_leave --failed 100%
	still_clock 2026-11-22T10:30:00+04:00
	nida status night.yaml >out
	diff <(sed '2d; /^started/d' out | sed 1d) - <<-'EOF'
		why        nothing is dialled now: no runner is alive; run the campaign again to go on. The last one left with: --limit 2 is reached.
		rows       6 = 4 pending + 2 done
		calls      2 made, 0 answered, 0 no answer, 2 failed, talked 0 s, cost 0.000
		pace       0 calls in the last minute, at most 30; 0 live, at most 4
		hours      open now, until Sun 22 Nov 13:00 (Asia/Muscat)
		           then Sun 22 Nov 16:00-20:00
		                Mon 23 Nov 09:00-13:00
		                Mon 23 Nov 16:00-20:00
		forecast   over by about Sun 22 Nov 10:32
		breaker    2 of the last 2 calls failed; trips at 50 % of 20
		canary     2 of the first 5 rows were called, 0 answered; 20 % must be
		budget     0.000 spent, 0.000 expected of open calls, at most 25.000
		per person 4 h apart, 1 a day, 3 a week; 0 rows skipped for it
		done        2 failed        The call failed at the provider or the carrier.
	EOF
	# The hours are closed at noon and on Fridays.
	still_clock 2026-11-26T14:00:00+04:00
	nida status night.yaml | grep -qx '           next Thu 26 Nov 16:00-20:00'
	still_clock 2026-11-26T21:00:00+04:00
	nida status night.yaml | grep -qx 'forecast   over by about Sun 29 Nov 09:02'
}

@test "--json: the readings for machines" {
	guarded
	begin_and_leave --failed 100%
	still_clock 2026-11-22T14:00:00+04:00
	nida status night.yaml --json >status.json
	facts '(s := json.load(open("status.json"))) != {}' \
		's["guards"]["breaker"] == {"failed": 2, "of": 2, "failures": 0.5, "of_last": 20}' \
		's["guards"]["canary"] == {"rows": 5, "min_answered": 0.2, "ended": 2, "answered": 0, "judged": False}' \
		's["guards"]["budget"] == {"spent": 0, "expected": 0, "limit": 25}' \
		's["guards"]["per_person"] == {"min_gap_s": 14400, "per_day": 1, "per_week": 3, "skipped": 0}' \
		's["pace"] == {"calls_per_minute": 30, "live": 4} and s["calls_last_minute"] == 0' \
		's["hours"] == {"open": False, "closes": None, "opens": "2026-11-22T12:00:00+00:00"}' \
		's["forecast_end"].startswith("2026-11-22T12:0") and s["finished"] is None' \
		's["runner"] == 0 and s["why"].startswith("no runner is alive") and s["why_until"] is None' \
		'sum(s["states"].values()) == s["rows"] == 6 and s["open"] == []'
}

@test "--json: every open call, however many, also those in doubt" {
	clock 60
	list 45
	campaign night <<<'pace: {calls_per_minute: 6000, live: 100}'
	start_sim --answer 100% --talk 1h-1h
	start_run night.yaml
	wait_until counts "state = 'live'" 45
	nida status night.yaml --json >status.json
	facts 'len(json.load(open("status.json"))["open"]) == 45'
	run -0 nida status night.yaml
	[[ $output == *$'\n  … and 25 more'* ]]
	[ "$(grep -c '^  live ' <<<"$output")" -eq 20 ]
}

@test "in doubt: listed apart, and how it is settled" {
	clock 600
	campaign night <<<'in_doubt: {settle: 30s, then: hold}'
	start_sim --fault lost-request=100%
	run -6 nida run night.yaml
	run -0 nida status night.yaml
	[ "$(grep -c '^  in_doubt  A[1-6] .* attempt 1, for ' <<<"$output")" -eq 6 ]
	[[ $output == *"A person decides what stays in doubt: "*"nida settle"* ]]
	nida status night.yaml --json >status.json
	facts '{o["state"] for o in json.load(open("status.json"))["open"]} == {"in_doubt"}'
}

@test "why: outside the hours, with a live runner, and until when" {
	clock 1 2026-11-22T14:00:00+04:00
	guarded
	start_sim
	start_run night.yaml
	is_outside() { [[ $(ledger 'SELECT why FROM runner') == outside* ]]; }
	wait_until is_outside
	run -0 nida status night.yaml
	[[ $output == *$'\nwhy        nothing is dialled now: outside hours until Sun 22 Nov 16:00 Asia/Muscat\n'* ]]
	nida status night.yaml --json >status.json
	facts 'json.load(open("status.json"))["why_until"] == "2026-11-22T12:00:00+00:00"'
}

@test "why: Hamsa has stopped the run, and what it said" {
	still_clock
	start_sim --key another
	list 6
	campaign night </dev/null
	run -4 nida run night.yaml --yes
	run -0 nida status night.yaml
	[[ $output == *"no runner is alive; run the campaign again to go on. The last one left with: Hamsa refuses the key or the project: "* ]]
	nida events night.yaml | grep -q 'run.stopped.*Hamsa refuses the key'
	# What a person says later is newer.
	nida pause night.yaml --reason 'a new key comes tomorrow'
	run -0 nida status night.yaml
	[[ $output == *"why        nothing is dialled now: paused by operator: a new key comes tomorrow; no runner is alive"* ]]
}

@test "why: all places are taken" {
	clock 60
	campaign night <<<'pace: {calls_per_minute: 6000, live: 2}'
	start_sim --answer 100% --talk 1h-1h
	start_run night.yaml
	says_cap() { nida status night.yaml | grep -qx 'why        nothing is dialled now: 2 live, the cap is 2'; }
	wait_until says_cap
}

@test "why: a guard, with an example" {
	clock 600
	list 30
	campaign night <<-'EOF'
		pace: {calls_per_minute: 60, live: 1}
		guard: {breaker: {failures: 50%, of_last: 2}}
	EOF
	start_sim --failed 100%
	run -4 nida run night.yaml
	nida status night.yaml | grep -q "^why        nothing is dialled now: paused by breaker: [2-6] of the last 2 calls failed, e.g. 'The carrier "
}

@test "a run of long ago still says its counts; one that is over has no pace" {
	clock 600
	campaign night </dev/null
	start_sim --answer 100%
	nida run night.yaml
	run -0 nida status night.yaml
	[[ $output == *$'\nwhy        nothing is dialled now: the run is finished\n'* ]]
	[[ $output == *$'\nover       Sun 22 Nov 1'* ]]
	[[ $output != *$'\npace '* && $output != *$'\nforecast '* ]]
}

@test "--prometheus: a scraper reads it, and it says what --json says" {
	guarded
	begin_and_leave --failed 100%
	campaign morning </dev/null
	nida run morning.yaml
	still_clock 2026-11-22T14:00:00+04:00

	nida status --ledger nida.db --prometheus >all.prom
	metrics all.prom >all.json
	nida status --ledger nida.db --json >status.json
	facts '(m := json.load(open("all.json"))) != {}' \
		'(every := {s["campaign"]: s for s in map(json.loads, open("status.json"))}).keys() == {"night", "morning"}' \
		'[[l["campaign"], l["run"]] for l, _ in m["nida_run_info"]["samples"]] == [[s["campaign"], s["run"]] for s in every.values()]' \
		'all(v == every[l["campaign"]]["states"][l["state"]] for l, v in m["nida_rows"]["samples"])' \
		'len(m["nida_rows"]["samples"]) == 2 * len(every["night"]["states"])' \
		'all(v == every[l["campaign"]]["outcomes"][l["outcome"]] for l, v in m["nida_rows_done"]["samples"])' \
		'all(v == every[l["campaign"]]["skipped"][l["reason"]] for l, v in m["nida_rows_skipped"]["samples"])' \
		'{l["campaign"]: v for l, v in m["nida_calls_total"]["samples"]} == {"night": 2, "morning": 6}' \
		'{l["campaign"]: v for l, v in m["nida_run_state"]["samples"] if l["state"] == "finished"} == {"night": 0, "morning": 1}' \
		'"nida_budget_limit" not in m'

	nida status night.yaml --prometheus >one.prom
	metrics one.prom >one.json
	facts '(m := json.load(open("one.json"))) != {}' \
		'{l["campaign"] for e in m.values() for l, _ in e["samples"]} == {"night"}' \
		'm["nida_budget_limit"]["samples"][0][1] == 25' \
		'm["nida_breaker_failed_ratio"]["samples"][0][1] == 1' \
		'm["nida_hours_open"]["samples"][0][1] == 0' \
		'm["nida_runner_up"]["samples"][0][1] == 0 and m["nida_dialling"]["samples"][0][1] == 0' \
		'all(e["help"].endswith(".") for e in m.values())'
}

@test "--prometheus: of a ledger without a run, there is nothing to tell" {
	campaign night </dev/null
	clock 600
	start_sim --answer 100%
	run -3 nida run night.yaml --limit 1
	sqlite3 nida.db "DELETE FROM attempt; DELETE FROM contact; DELETE FROM tally; DELETE FROM runner; DELETE FROM run"
	nida status --ledger nida.db --prometheus >none.prom
	metrics none.prom >none.json
	facts 'all(e["samples"] == [] for e in json.load(open("none.json")).values())'
}

@test "what cannot be shown: two forms at once, a watch without a terminal, exit 2" {
	campaign night </dev/null
	clock 600
	start_sim --answer 100%
	run -3 nida run night.yaml --limit 1
	run -2 nida status night.yaml --json --prometheus
	[[ $output == *"--json, --prometheus and --watch: choose one of them."* ]]
	run -2 nida status night.yaml --watch
	[[ $output == *"--watch draws on a terminal, and standard output is none"* ]]
	: >empty.db
	run -2 nida status --ledger empty.db
	[[ $output == *"empty.db: there is nothing in this ledger yet"* ]]
}

@test "--log json: the line a minute says the same in figures" {
	clock 60
	campaign night </dev/null
	start_sim --answer 100% --talk 1h-1h
	start_run night.yaml --log json
	wait_until grep -q '"event":"progress"' err
	grep '"event":"progress"' err | head -n 1 >line.json
	facts '(p := json.load(open("line.json"))) != {}' 'p["level"] == "info" and p["rows"] == 6' \
		'p["calls"] == p["live"] == 6 and p["calls_last_minute"] <= 6 and p["done"] == 0' \
		'p["why"] == "everybody has been called"' \
		'p["message"].startswith("0 of 6 rows over (0 %), 0 of them skipped; 6 calls made, ")'
}

@test "the line a minute is not said again while nothing changes" {
	clock 60 2026-11-22T08:00:00+04:00
	campaign night <<<'hours: {timezone: Asia/Muscat, open: {daily: ["09:00-13:00"]}}'
	start_sim
	start_run night.yaml
	# Seven minutes past eight: there was time for three of them.
	wait_until looked_around 1795320420000
	[ "$(grep -c ' of 6 rows over' err)" -eq 1 ]
}

@test "a key that would steer the terminal does not" {
	clock 60
	printf 'account_no,mobile,customer_name,lang,balance,due_date\n"\033[2Jboo",+96890010001,Salim,en,1.500,2026-12-01\n' >customers.csv
	campaign night </dev/null
	start_sim --answer 100% --talk 1h-1h
	start_run night.yaml
	wait_until counts "state = 'live'"
	nida status night.yaml >out
	nida events night.yaml >>out
	run ! grep -q $'\033' out
	grep -q 'boo' out
}
