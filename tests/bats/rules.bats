#!/usr/bin/env bats
# What holds calls back: pace, cap, hours, retries, suppression, duplicates, guards. Whatever can be read
# from the provider's record is; the moments at which nida decided are the ledger's.

load helper

setup() {
	begin_test
}

teardown() {
	end_test
}

@test "retries come after the waits of the campaign, and no more often than it allows" {
	clock 2000
	list 4
	campaign night <<<'retry: {attempts: 3, on: {no_answer: [10m, 30m], failed: [5m]}}'
	start_sim --no-answer 100%
	nida run night.yaml
	facts 'complete()' 'set(ends().values()) == {"no_answer"}' \
		'[len(of(n)) for n in sorted(set(numbers()))] == [3] * 4' \
		'{r["attempts"] for r in results()} == {"3"}' \
		'all(600_000 <= c[1].asked - c[0].ended < 1_800_000 for c in map(of, set(numbers())))' \
		'all(1_800_000 <= c[2].asked - c[1].ended < 3_600_000 for c in map(of, set(numbers())))' \
		'keys(follow_up()) == ["A1", "A2", "A3", "A4"]'
}

@test "an outcome without waits is final; a failed call waits by its own, the last wait again" {
	clock 2000
	list 6
	campaign night <<<'retry: {attempts: 3, on: {failed: [5m]}}'
	start_sim --no-answer 40% --failed 60% --seed 3
	nida run night.yaml
	facts 'complete()' 'set(ends().values()) == {"no_answer", "failed"}' \
		'len(calls()) > 6' \
		'all(len(of(n)) == 3 or of(n)[-1].status == "NO_ANSWER" for n in numbers())' \
		'all(a.status == "FAILED" for n in numbers() for a in of(n)[:-1])' \
		'all(b.asked - a.ended >= 300_000 for n in numbers() for a, b in zip(of(n), of(n)[1:]))'
}

@test "the pace: never more in any 60 s, evenly spaced" {
	clock 30
	list 70
	campaign night <<<'pace: {calls_per_minute: 60, live: 100}'
	start_sim --answer 100%
	nida run night.yaml
	# On its way to the provider one call may gain on another: by no more than the lag.
	facts 'each_once()' \
		'most_in(60, intents()) <= 60' 'min(gaps(intents())) >= 1000' \
		'most_in(60 - lag() / 1000) <= 60' 'most_in(10 - lag() / 1000) <= 10' \
		'sorted(gaps(intents()))[35] < 1500'
}

@test "the pace holds over restarts, however soon they come" {
	clock 30
	list 6
	campaign night <<<'pace: {calls_per_minute: 6, live: 100}'
	start_sim --answer 100%
	for placed in 1 2 3; do
		start_run night.yaml
		wait_until asked "$placed"
		kill -9 "$runner"
		wait "$runner" || true
	done
	nida run night.yaml
	facts 'each_once()' 'min(gaps(intents())) >= 10_000' \
		'min(gaps([c.asked for c in calls()])) >= 10_000 - lag()'
}

@test "never more live calls than the cap, and all of the cap is used" {
	clock 600
	list 20
	campaign night <<<'pace: {calls_per_minute: 600, live: 3}'
	start_sim --answer 100% --talk 30s-90s
	nida run night.yaml
	facts 'each_once()' 'complete()' 'most_live() == 3'
}

@test "pace and cap have no upper limit: a thousand rows at millions a minute, each called once" {
	clock 60
	list 1000
	start_sim --answer 100% --talk 30s-60s
	campaign night <<<'pace: {calls_per_minute: 9223372036854775807, live: 9223372036854775807}'
	nida run night.yaml
	facts 'each_once()' 'complete()' 'len(calls()) == 1000' 'most_live() > 100'
	campaign million <<<'pace: {calls_per_minute: 1000000, live: 1000000}'
	run -0 nida rehearse million.yaml
	[[ $output == *" 1000 "* ]]
}

@test "outside the hours nobody is dialled, and status says until when" {
	clock 600 2026-11-22T08:20:00+04:00
	list 4
	campaign night <<<'hours: {timezone: Asia/Muscat, open: {sun-thu: ["09:00-13:00"]}}'
	start_sim --answer 100%
	start_run night.yaml
	wait_until why_is 'nothing is dialled now: outside hours until Sun 22 Nov 09:00 Asia/Muscat'
	[ "$(asked_count)" -eq 0 ]
	await_exit 0
	facts 'each_once()' 'min(intents()) >= at("09:00")' 'min(c.asked for c in calls()) >= at("09:00")'
}

@test "hours that close in the middle, and open again" {
	clock 600 2026-11-22T12:40:00+04:00
	list 26
	campaign night <<-EOF
		pace: {calls_per_minute: 1, live: 10}
		hours: {timezone: Asia/Muscat, open: {sun: ["09:00-13:00", "13:30-20:00"]}}
	EOF
	start_sim --answer 100%
	nida run night.yaml
	facts 'each_once()' 'complete()' \
		'any(m < at("13:00") for m in intents())' 'any(m >= at("13:30") for m in intents())' \
		'not any(at("13:00") <= m < at("13:30") for m in intents())' \
		'not any(at("13:00") + lag() <= c.asked < at("13:30") for c in calls())'
}

@test "a day that is closed is closed, a day not named too" {
	clock 600
	list 2
	start_sim --answer 100%
	for open in '{mon: ["09:00-13:00"]}' '{sun-mon: ["09:00-13:00"]}, except: {2026-11-22: closed}'; do
		campaign night <<<"hours: {timezone: Asia/Muscat, open: $open}"
		start_run night.yaml
		wait_until why_is 'outside hours until Mon 23 Nov 09:00 Asia/Muscat'
		kill "$runner"
		await_exit 3
		facts 'calls() == []'
	done
}

@test "each customer's own zone decides, when the list has one" {
	clock 3000 2026-11-22T09:30:00+04:00
	cat >customers.csv <<-EOF
		account_no,mobile,customer_name,lang,balance,due_date,tz
		A1,+96890010001,Muscat One,en,1.000,2026-12-01,Asia/Muscat
		A2,+447700900002,London Two,en,1.000,2026-12-01,Europe/London
		A3,+96890010003,Nowhere Three,en,1.000,2026-12-01,Asia/Nowhere
	EOF
	campaign night <<-EOF
		list: {file: customers.csv, phone: mobile, key: account_no, timezone: tz}
		hours: {timezone: Asia/Muscat, open: {sun: ["09:00-12:00"]}}
	EOF
	start_sim --answer 100%
	nida run night.yaml
	facts 'complete()' 'numbers() == ["+96890010001", "+447700900002"]' \
		'at("09:30") <= intents()[0] < at("12:00")' \
		'at("13:00") <= intents()[1] < at("16:00")' \
		'"Asia/Nowhere" in row("A3")["reason"]'
}

@test "until: what is left over is out_of_time, exit 3" {
	# Five real seconds, of which a slow start may take a few.
	clock 120
	list 80
	campaign night <<-EOF
		pace: {calls_per_minute: 6, live: 10}
		hours: {timezone: Asia/Muscat, open: {sun: ["09:00-13:00"]}, until: "2026-11-22 10:10"}
	EOF
	start_sim --answer 100%
	run -3 nida run night.yaml
	facts 'complete()' 'max(intents()) < at("10:10")' '5 <= len(calls()) <= 61' \
		'[r["state"] for r in results()] == ["done"] * len(calls()) + ["skipped"] * (80 - len(calls()))' \
		'all("until" in r["reason"] for r in results() if r["state"] == "skipped")' \
		'keys(follow_up()) == keys(results())[len(calls()):]'
	[ "$(ledger "SELECT count(*) FROM contact WHERE why = 'out_of_time'")" -ge 19 ]
}

@test "a number that comes onto a suppression file while the run goes on is not called" {
	clock 60
	list 60
	echo phone >dnc.csv
	campaign night <<-EOF
		pace: {calls_per_minute: 30, live: 100}
		suppress: [dnc.csv]
	EOF
	start_sim --answer 100%
	start_run night.yaml
	wait_until asked 10
	printf 'phone\n90010059\n+968 9001 0060\n' >dnc.new
	mv dnc.new dnc.csv
	await_exit 0
	facts 'complete()' 'len(calls()) == 58' 'of("+96890010059") == of("+96890010060") == []' \
		'"dnc.csv" in row("A60")["reason"]'
}

@test "so is one that is added to the register from another terminal" {
	clock 60
	list 60
	campaign night <<<'pace: {calls_per_minute: 30, live: 100}'
	start_sim --answer 100%
	start_run night.yaml
	wait_until asked 10
	nida suppress add 0096890010060 --ledger nida.db
	await_exit 0
	facts 'complete()' 'len(calls()) == 59' 'of("+96890010060") == []'
}

@test "a suppression file that disappears or cannot be understood stops the dialling" {
	clock 60
	list 60
	echo phone >dnc.csv
	campaign night <<-EOF
		pace: {calls_per_minute: 30, live: 100}
		suppress: [dnc.csv]
	EOF
	start_sim --answer 100%
	start_run night.yaml
	wait_until asked 10
	mv dnc.csv away
	wait_until why_is 'dnc.csv: the suppression file cannot be read'
	wait_until all_answered
	before=$(asked_count)
	wait_until looked_around $(($(ledger 'SELECT noted_ms FROM runner') + 15000))
	[ "$(asked_count)" -eq "$before" ]
	[ "$before" -lt 60 ]
	printf 'phone\nask Ahmed\n' >dnc.csv
	wait_until why_is 'letters or other characters'
	[ "$(asked_count)" -eq "$before" ]
	mv away dnc.csv
	await_exit 0
	facts 'each_once()' 'complete()'
}

@test "who asks never to be called again is not called by the next campaign either" {
	clock 600
	list 40
	# What simulated customers of a payment reminder say often enough for a short list.
	sed -i 's/^scenario: .*/scenario: payment-reminder/' scenario.yaml
	sed -i 's/^suppress_when: .*/suppress_when: {disposition: disputes}/' scenario.yaml
	campaign night </dev/null
	campaign morning </dev/null
	start_sim --answer 100% --seed 1
	nida run night.yaml
	mkdir first
	cp reports/night/*/results.csv first/
	nida run morning.yaml
	facts 'complete()' \
		'len(asked_never := {r["account_no"] for r in read_csv("first/results.csv") if r["disposition"] == "disputes"}) >= 1' \
		'{r["account_no"] for r in results() if r["state"] == "skipped"} == {r["account_no"] for r in read_csv("first/results.csv") if r["disposition"] == "disputes"}' \
		'len(calls()) == 80 - sum(r["disposition"] == "disputes" for r in read_csv("first/results.csv"))'
	nida suppress list --ledger nida.db | grep -q 'call .*disposition: disputes'
	nida events night.yaml | grep -q 'number.suppressed .* by the customer, in this call: disposition: disputes$'
}

three_of_one_number() {
	cat >customers.csv <<-EOF
		account_no,mobile,customer_name,lang,balance,due_date
		A1,90010001,First,en,1.000,2026-12-01
		A2,+96890010001,Second,en,2.000,2026-12-01
		A3,90010003,Another,en,3.000,2026-12-01
		A4,٩٠٠١ ٠٠٠١,Third,en,4.000,2026-12-01
	EOF
}

with_duplicates() {
	campaign night <<-EOF
		list: {file: customers.csv, phone: mobile, key: account_no, language: lang, country: OM, duplicates: $1}
	EOF
}

@test "duplicates: first calls the first row of a number alone" {
	clock 600
	three_of_one_number
	with_duplicates first
	start_sim --answer 100%
	nida run night.yaml
	facts 'complete()' 'numbers() == ["+96890010001", "+96890010003"]' \
		'calls()[0].params["customerName"] == "First"'
}

@test "duplicates: reject calls none of them" {
	clock 600
	three_of_one_number
	with_duplicates reject
	start_sim --answer 100%
	nida run night.yaml
	facts 'complete()' 'numbers() == ["+96890010003"]'
	[ "$(ledger "SELECT count(*) FROM contact WHERE why = 'duplicate'")" -eq 3 ]
}

@test "duplicates: all calls every row, but nobody twice at once" {
	clock 600
	three_of_one_number
	with_duplicates all
	start_sim --answer 100% --talk 60s-60s
	nida run night.yaml
	facts 'complete()' 'len(calls()) == 4' 'len(of("+96890010001")) == 3' 'twice_at_once() == []'
}

@test "two rows with one key: the second is a duplicate" {
	clock 600
	list 3
	echo 'A2,90010009,Other Number,en,1.000,2026-12-01' >>customers.csv
	campaign night </dev/null
	start_sim --answer 100%
	nida run night.yaml
	facts 'complete()' 'len(calls()) == 3' 'of("+96890010009") == []'
}

@test "per_person counts over all campaigns of the ledger" {
	clock 600
	list 3
	campaign night </dev/null
	campaign morning <<<'guard: {per_person: {per_week: 1}}'
	start_sim --answer 100%
	nida run night.yaml
	nida run morning.yaml
	facts 'complete()' 'len(calls()) == 3'
	[ "$(ledger "SELECT count(*) FROM contact WHERE why = 'frequency'")" -eq 3 ]
}

@test "per_person holds for limits of hundreds of calls too" {
	clock 600
	list 1
	campaign night </dev/null
	start_sim --answer 100%
	nida run night.yaml
	# 299 more calls of the last few hours.
	sqlite3 nida.db "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 299)
		INSERT INTO attempt (contact_id, run_id, number, ref, state, phone, agent, request, intent_ms, closed_ms, outcome)
		SELECT contact_id, run_id, number, printf('%032d', i), 'closed', phone, agent, '', intent_ms - i, closed_ms, 'no_answer'
		FROM attempt, n"
	campaign strict <<<'guard: {per_person: {per_week: 300}}'
	nida run strict.yaml
	facts 'len(calls()) == 1'
	[ "$(ledger "SELECT count(*) FROM contact WHERE why = 'frequency'")" -eq 1 ]
	campaign lenient <<<'guard: {per_person: {per_week: 301}}'
	nida run lenient.yaml
	facts 'len(calls()) == 2'
}

@test "the breaker pauses the run, exit 4; resume lets it go on" {
	clock 600
	list 30
	campaign night <<-EOF
		pace: {calls_per_minute: 60, live: 2}
		guard: {breaker: {failures: 50%, of_last: 6}}
	EOF
	start_sim --failed 100%
	run -4 nida run night.yaml
	[[ $output == *"Paused by breaker: 6 of the last 6 calls failed, e.g. 'The carrier "* ]]
	facts '6 <= len(calls()) <= 8'
	run -4 nida run night.yaml
	facts '6 <= len(calls()) <= 8'
	nida resume night.yaml
	run -4 nida run night.yaml
	facts '12 <= len(calls()) <= 16' 'len(set(numbers())) == len(numbers())'
}

@test "the canary: its rows are called, then judged, exit 4" {
	clock 600
	list 20
	campaign night <<<'guard: {canary: {rows: 5, min_answered: 20%}}'
	start_sim --no-answer 100%
	run -4 nida run night.yaml
	[[ $output == *"of the first 5 rows 0 were answered"* ]]
	facts 'len(calls()) == 5'
}

@test "a canary that is answered lets everybody be called" {
	clock 600
	list 20
	campaign night <<<'guard: {canary: {rows: 5, min_answered: 20%}}'
	start_sim --answer 100%
	nida run night.yaml
	facts 'each_once()' 'complete()' \
		'calls()[5].asked >= max(c.ended for c in calls()[:5])'
}

@test "rows that the budget kept from being called say so when the time is over, or a new run begins" {
	clock 600
	list 20
	campaign night <<-EOF
		guard: {budget: 0.300}
		hours: {timezone: Asia/Muscat, open: {sun: ["09:00-13:00"]}, until: "2026-11-22 12:00"}
	EOF
	start_sim --answer 100% --talk 60s-60s --cost-per-minute 0.05
	run -4 nida run night.yaml
	called=$(asked_count)
	run -4 nida run night.yaml
	facts '{r["state"] for r in results()} == {"done", "pending"}'
	# The same command when the time is over: finished, and the reason is the budget.
	clock 600 2026-11-22T12:30:00+04:00
	run -4 nida run night.yaml
	[ "$(asked_count)" -eq "$called" ]
	facts 'complete()' 'any("budget was used up" in r["reason"] for r in results())' \
		'len(follow_up()) == 20 - len(calls())'
	[ "$(ledger "SELECT count(*) FROM contact WHERE why = 'over_budget'")" -eq $((20 - called)) ]
	[ "$(ledger "SELECT state FROM run")" = finished ]

	clock 600
	campaign morning <<<'guard: {budget: 0.300}'
	run -4 nida run morning.yaml
	before=$(ledger "SELECT count(*) FROM contact WHERE run_id = 2 AND state = 'pending'")
	[ "$before" -gt 0 ]
	run -4 nida run morning.yaml --new
	[ "$(ledger "SELECT count(*) FROM contact WHERE run_id = 2 AND why = 'over_budget'")" -eq "$before" ]
	[ "$(ledger "SELECT count(*) FROM contact WHERE why = 'cancelled'")" -eq 0 ]
}

@test "a cost that Hamsa does not give is estimated, and every report says so" {
	clock 600
	list 6
	campaign night </dev/null
	start_sim --answer 100% --talk 60s-60s --fault no-cost=50% --seed 4
	nida run night.yaml
	facts 'complete()' '{r["cost_from"] for r in results()} == {"provider", "estimated"}' \
		'all(float(r["cost"]) > 0 for r in results())'
	local folder
	folder=$(echo reports/night/*)
	jq -es 'map(.attempts[0].cost_estimated) | any and (all | not)' "$folder/results.jsonl"
	jq -e '.cost_estimated > 0 and .cost_estimated < .cost' "$folder/summary.json"
}

@test "a raised budget and a resume before the end: the rest is called, the reason is the time again" {
	clock 600
	list 20
	campaign night <<-EOF
		guard: {budget: 0.300}
		pace: {calls_per_minute: 6, live: 100}
		hours: {timezone: Asia/Muscat, open: {sun: ["09:00-13:00"]}, until: "2026-11-22 12:00"}
	EOF
	start_sim --answer 100% --talk 60s-60s --cost-per-minute 0.05
	run -4 nida run night.yaml
	sed -i 's/budget: 0.300/budget: 300/' night.yaml
	nida resume night.yaml
	clock 600 2026-11-22T11:59:30+04:00
	run -3 nida run night.yaml
	facts 'complete()'
	[ "$(ledger "SELECT count(*) FROM contact WHERE why = 'over_budget'")" -eq 0 ]
	[ "$(ledger "SELECT count(*) FROM contact WHERE why = 'out_of_time'")" -gt 0 ]
}

@test "the budget is not passed, exit 4" {
	clock 600
	list 20
	campaign night <<<'guard: {budget: 0.300}'
	start_sim --answer 100% --talk 60s-60s --cost-per-minute 0.05
	run -4 nida run night.yaml
	facts '2 <= len(calls()) < 20' 'sum(float(r["cost"] or 0) for r in results()) <= 0.3'
}
