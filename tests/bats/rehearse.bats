#!/usr/bin/env bats
# nida rehearse: an exact forecast, the same for the same seed, hours and guards in virtual time.

load helper

setup() {
	begin_test
	unset HAMSA_API_KEY
	still_clock
}

teardown() {
	end_test
}

# forecast CAMPAIGN EXPRESSION: what the rehearsal as JSON says, through jq.
forecast() {
	nida rehearse "$1" --json --out json 2>err | jq -r "$2"
}

# intents FILE: the times, in UTC, at which calls of results.jsonl were begun, one a line.
intents() {
	jq -r '.attempts[].intent' "$1" | sort
}

@test "a forecast, to the letter" {
	campaign c <<-EOF
		pace: {calls_per_minute: 30, live: 10}
		retry: {attempts: 3, on: {no_answer: [30m, 2h], failed: [5m]}}
	EOF
	list 40
	echo 'X,12,Salim,en,1,2026-12-01' >>customers.csv
	run -0 --separate-stderr nida rehearse c.yaml --seed 7
	diff - <(echo "$output") <<-EOF
		rehearsal  seed 7, simulated customers; nobody was called
		begin      Sun 22 Nov 10:00 Asia/Muscat
		rows       41 = 40 done + 1 skipped
		done       38 completed     The customer answered and the call ended normally.
		done        1 no_answer     Nobody picked up.
		done        1 failed        The call failed at the provider or the carrier.
		skipped     1 invalid_phone The phone number cannot be called.
		first call Sun 22 Nov 10:00 Asia/Muscat
		last call  Sun 22 Nov 12:31 Asia/Muscat
		calls      66: 40 rows called, 26 retries
		answered   38: 58 % of the calls, 95 % of the rows called
		in doubt   0
		cost       2.778
		requests   674 to Hamsa, 10.2 a call: 66 placings, 432 pages of the list, 174 reads, 0 ends, 2 about the account
		end        Sun 22 Nov 12:34 Asia/Muscat
		lasts      2 h 34 min
		report     reports/c/rehearsal-7
	EOF
	[ "$stderr" = "Rehearsing c from Sun 22 Nov 10:00 Asia/Muscat on; nobody is called." ]
}

@test "needs no key, asks nobody, and leaves no ledger behind" {
	campaign c </dev/null
	list 3
	take_port
	export HAMSA_BASE_URL=$closed
	run -0 nida rehearse c.yaml
	[ ! -e nida.db ]
	[ ! -e nida.db-wal ]
}

@test "the same seed is the same forecast and the same report; another is another" {
	campaign c <<<'retry: {attempts: 3, on: {no_answer: [30m], failed: [5m]}}'
	list 50
	nida rehearse c.yaml --seed 5 --json >one 2>/dev/null
	mv reports/c/rehearsal-5 first
	nida rehearse c.yaml --seed 5 --json >again 2>/dev/null
	diff one again
	diff -r first reports/c/rehearsal-5
	nida rehearse c.yaml --seed 6 --json >other 2>/dev/null
	[ "$(jq -c 'del(.seed,.report)' one)" != "$(jq -c 'del(.seed,.report)' other)" ]
	# Without --seed it is 1.
	nida rehearse c.yaml --json 2>/dev/null | jq -e '.seed == 1'
}

@test "for people and for machines it is the same forecast" {
	campaign c </dev/null
	list 30
	run -0 --separate-stderr nida rehearse c.yaml
	calls=$(forecast c.yaml .calls)
	grep -q "^calls      $calls: " <<<"$output"
	forecast c.yaml '.rows == 30 and ([.done[], .skipped[]] | add) == .rows' | grep -qx true
	forecast c.yaml '.calls == .requests.place and .retries == .calls - .rows_called' | grep -qx true
	forecast c.yaml '.requests.all == ([.requests[]] | add) / 2' | grep -qx true
}

@test "the pace decides how long it takes" {
	campaign c <<-EOF
		pace: {calls_per_minute: 30, live: 1000}
		retry: {attempts: 1}
	EOF
	list 121
	# 120 intervals of 2 s and a fifth of a percent.
	forecast c.yaml '.first_call' | grep -qx '2026-11-22T10:00:00+04:00'
	forecast c.yaml '.last_call' | grep -qx '2026-11-22T10:04:00+04:00'
}

@test "closed hours: nothing is dialled in them, and they take no time" {
	campaign c <<-EOF
		pace: {calls_per_minute: 1, live: 10}
		hours: {timezone: Asia/Muscat, open: {sun-thu: ["09:00-09:30", "16:00-16:20"]}, except: {2026-11-23: closed}}
		retry: {attempts: 1}
	EOF
	list 70
	run -0 --separate-stderr nida rehearse c.yaml
	# Begun at 10:00 on Sunday; Monday is closed; at one a minute 20 calls fit into a short span, 30
	# into a long one.
	grep -qx 'first call Sun 22 Nov 16:00 Asia/Muscat' <<<"$output"
	grep -qx 'last call  Tue 24 Nov 16:19 Asia/Muscat' <<<"$output"
	intents reports/c/rehearsal-1/results.jsonl >intents
	[ "$(grep -cE '^2026-11-22T12:[01]' intents)" -eq 20 ]
	[ "$(grep -cE '^2026-11-24T05:[012]' intents)" -eq 30 ]
	[ "$(grep -cE '^2026-11-24T12:[01]' intents)" -eq 20 ]
	[ "$(wc -l <intents)" -eq 70 ]
}

@test "what does not fit before until is left over, and says so with exit 3" {
	campaign c <<-EOF
		pace: {calls_per_minute: 6, live: 10}
		hours: {timezone: Asia/Muscat, open: {sun-thu: ["09:00-13:00"]}, until: "2026-11-22 10:05"}
		retry: {attempts: 1}
	EOF
	list 100
	run -3 --separate-stderr nida rehearse c.yaml
	grep -qx 'left over  70 rows: 70 because the time is over' <<<"$output"
	forecast c.yaml '.left_over, .skipped.out_of_time, .calls' | paste -sd ' ' | grep -qx '70 70 30'
}

@test "an until in closed hours ends it when the last hours end" {
	campaign c <<-EOF
		pace: {calls_per_minute: 6, live: 10}
		hours: {timezone: Asia/Muscat, open: {sun: ["09:00-10:05"]}, until: "2026-11-24 10:00"}
		retry: {attempts: 1}
	EOF
	list 100
	run -3 --separate-stderr nida rehearse c.yaml
	grep -qx 'left over  70 rows: 70 because the time is over' <<<"$output"
	grep -qx 'end        Sun 22 Nov 10:0[5-9] Asia/Muscat' <<<"$output"
}

@test "a guard that stops it is named, once, with exit 4" {
	sed -i 's/^rehearsal:.*/rehearsal: {answer: 0%, no_answer: 0%, failed: 100%, talk: 20s-180s, cost_per_minute: 0.05}/' scenario.yaml
	campaign c <<<'guard: {breaker: {failures: 50%, of_last: 20}}'
	list 200
	run -4 --separate-stderr nida rehearse c.yaml
	grep -qx "stopped    breaker: 20 of the last 20 calls failed, e.g. 'The carrier .*'" <<<"$output"
	grep -q 'because a guard stopped the run$' <<<"$output"
	[ "$(grep -c 'paused by its breaker' <<<"$stderr")" -eq 1 ]
	forecast c.yaml .stopped | grep -qx "breaker: 20 of the last 20 calls failed, e.g. 'The carrier .*'"
}

@test "a budget stops it" {
	campaign c <<-EOF
		pace: {calls_per_minute: 30, live: 10}
		guard: {budget: 1.000}
	EOF
	list 100
	run -4 --separate-stderr nida rehearse c.yaml
	grep -q '^stopped    budget: ' <<<"$output"
	[ "$(forecast c.yaml '.cost <= 1.5')" = true ]
}

@test "real suppression files count" {
	campaign c <<<'suppress: [stop.csv]'
	list 5
	printf 'phone\n+96890010002\n' >stop.csv
	forecast c.yaml '.skipped.suppressed, .rows_called' | paste -sd ' ' | grep -qx '1 4'
	rm stop.csv
	run ! nida rehearse c.yaml
	[[ "$output" == *stop.csv* ]]
}

@test "the report is written beside the real ones and is marked" {
	campaign c </dev/null
	list 5
	run -0 --separate-stderr nida rehearse c.yaml --seed 9
	grep -qx 'report     .*reports/c/rehearsal-9' <<<"$output"
	grep -q '"rehearsal":true' reports/c/rehearsal-9/report.html
	jq -e .rehearsal reports/c/rehearsal-9/summary.json
	[ "$(wc -l <reports/c/rehearsal-9/results.jsonl)" -eq 5 ]
	run -0 nida rehearse c.yaml --seed 9 --out elsewhere
	[ -s elsewhere/c/rehearsal-9/report.html ]
}

@test "--list takes another list" {
	campaign c </dev/null
	list 5
	mv customers.csv others.csv
	list 2 100
	[ "$(forecast c.yaml .rows)" -eq 2 ]
	nida rehearse c.yaml --list others.csv --json 2>/dev/null | jq -e '.rows == 5'
}

@test "--json prints JSON alone, on standard output" {
	campaign c </dev/null
	list 2
	nida rehearse c.yaml --json 2>/dev/null >out
	[ "$(wc -l <out)" -eq 1 ]
	jq -e '.stopped == "" and .in_doubt == 0' out
}

@test "a seed that is none, and a campaign that is wrong, end with 2" {
	campaign c </dev/null
	list 2
	for seed in -1 x 1.5 '' 99999999999999999999999; do
		run -2 nida rehearse c.yaml --seed "$seed"
		[[ "$output" == *"--seed is '$seed'"* ]]
	done
	echo 'pase: {}' >>c.yaml
	run -2 nida rehearse c.yaml
	run -2 nida rehearse
}
