#!/usr/bin/env bats
# The promises: nobody twice, nobody forgotten, whatever is killed or lost on the way. The simulator's
# record is the witness.

load helper

setup() {
	begin_test
}

teardown() {
	end_test
}

# leave SIGNAL...: the signals, then the runner is gone; its exit code is in $code.
leave() {
	local signal
	for signal; do
		kill -s "$signal" "$runner"
	done
	wait_until is_over "$runner"
	code=0
	wait "$runner" || code=$?
}

nobody_is_talking() {
	curl -s "$origin/sim/record" | grep -q '"live":0'
}

# kill_six_times CAMPAIGN: each time a few placings later, at no moment in particular. On a machine that
# lets the test sleep the run may be over before the last times: those would prove nothing.
kill_six_times() {
	local killed=0 code
	chance
	while [ "$killed" -lt 6 ]; do
		start_run "$1"
		wait_until asked_or_over $(($(asked_count) + 1 + RANDOM % 4))
		read -r -t "0.0$((RANDOM % 5))" <> <(:) || true
		kill -9 "$runner" 2>/dev/null || true
		code=0
		wait "$runner" || code=$?
		[ "$code" -eq 137 ] || break
		killed=$((killed + 1))
	done
	echo "killed $killed times; the last exit code is $code"
	[[ $code =~ ^(0|6|137)$ ]]
	[ "$killed" -ge 3 ]
}

@test "kill -9 again and again: each customer is called once, nobody is missing" {
	clock 40
	list 90
	campaign night <<<'pace: {calls_per_minute: 60, live: 100}'
	start_sim --answer 100%
	kill_six_times night.yaml
	nida run night.yaml
	facts 'complete()' 'each_once()' 'twice_at_once() == []' 'most_in(60, intents()) <= 60' \
		'{r["attempts"] for r in results()} == {"1"}' \
		'all(of("+968" + r["mobile"].removeprefix("+968").replace(" ", ""))[0].id == r["job_id"] for r in results())'
}

@test "kill -9 with retries: once for each attempt, never twice at once" {
	clock 40
	list 90
	campaign night <<-EOF
		pace: {calls_per_minute: 60, live: 100}
		retry: {attempts: 2, on: {no_answer: [1m], failed: [1m]}}
	EOF
	start_sim --answer 50% --no-answer 40% --failed 10%
	kill_six_times night.yaml
	nida run night.yaml
	facts 'complete()' 'twice_at_once() == []' 'len(set(numbers())) == 90' \
		'{r["phone_e164"].replace(" ", ""): int(r["attempts"]) for r in results()} == {n: len(of(n)) for n in numbers()}' \
		'all(len(of(n)) == (1 if of(n)[0].status == "COMPLETED" else 2) for n in numbers())'
}

@test "kill -9 while answers and requests get lost" {
	clock 40
	list 90
	campaign night <<<'pace: {calls_per_minute: 60, live: 100}'
	start_sim --answer 100% --fault lost-answer=15%,lost-request=10% --seed 4
	kill_six_times night.yaml
	nida run night.yaml
	facts 'complete()' 'each_once()' 'twice_at_once() == []' 'len(calls()) > 90'
}

# placed_since ID: a call that was begun after that one waits for its answer.
placed_since() {
	[ "$(ledger "SELECT count(*) FROM attempt WHERE id > $1 AND state = 'placing'")" -gt 0 ]
}

@test "kill -9 between the question and its answer: the calls are found, not made again" {
	clock 120
	list 30
	campaign night <<<'pace: {calls_per_minute: 60, live: 100}'
	start_sim --answer 100%
	for i in {1..3}; do
		start_run night.yaml
		wait_until asked $(($(asked_count) + 3))
		# The simulator hears nothing for a moment; what is asked meanwhile waits in its socket.
		kill -STOP "$sim"
		wait_until placed_since "$(ledger 'SELECT max(id) FROM attempt')"
		kill -9 "$runner"
		wait "$runner" || true
		kill -CONT "$sim"
	done
	run -0 nida run night.yaml
	[[ $output == *"being placed when nida was interrupted; looking for them at Hamsa."* ]]
	facts 'complete()' 'each_once()' 'twice_at_once() == []'
}

@test "dropped replies are adopted, not redialled" {
	clock 300
	list 30
	campaign night </dev/null
	start_sim --answer 100% --fault lost-answer=30%
	run -0 nida run night.yaml
	[[ $output == *"exists at Hamsa after all; following it."* ]]
	facts 'complete()' 'each_once()' 'len(calls()) == 30' 'set(ends().values()) == {"completed"}' \
		'sum("lost-answer" in e["faults"] for e in record() if e["event"] == "created") >= 3'
}

@test "calls that Hamsa made after an error, a gateway's page or an answer without an id: the same" {
	clock 300
	list 40
	campaign night </dev/null
	start_sim --answer 100% --fault error-500=15%,no-id=15%,html-502=15% --seed 2
	run -0 nida run night.yaml
	facts 'complete()' 'each_once()' 'twice_at_once() == []' 'set(ends().values()) == {"completed"}' \
		'sum(bool(e["faults"]) for e in record() if e["event"] == "created") >= 6'
}

@test "calls that Hamsa makes later, shown by a list that lags" {
	clock 300
	list 40
	campaign night <<<'in_doubt: {settle: 3m, then: redial}'
	start_sim --answer 100% --fault late-creation=15%,late-by=40s,stale-list=20s
	run -0 nida run night.yaml
	facts 'complete()' 'each_once()' 'twice_at_once() == []' 'set(ends().values()) == {"completed"}' \
		'max(c.created - c.asked for c in calls()) > 1000'
}

@test "lost requests are called again, only after the settle time" {
	clock 300
	list 30
	campaign night <<-EOF
		pace: {calls_per_minute: 30, live: 100}
		in_doubt: {settle: 40s, then: redial}
	EOF
	start_sim --answer 100% --fault lost-request=20% --seed 2
	run -0 nida run night.yaml
	[[ $output == *"was never placed; it may be called again."* ]]
	facts 'complete()' 'each_once()' 'len(calls()) >= 33' \
		'all(b.asked - a.asked >= 40_000 for n in set(numbers()) for a, b in zip(*(lambda c: (c, c[1:]))([x for x in calls() if x.to == n])))'
}

@test "what stays in doubt is never called again, and a person is told, exit 6" {
	clock 600
	list 4
	campaign night </dev/null
	start_sim --answer 100% --fault lost-request=100%
	run -6 nida run night.yaml
	[[ $output == *"4 rows stay in doubt"* ]]
	facts 'len(calls()) == 4' '[r["state"] for r in results()] == ["in_doubt"] * 4' \
		'keys(follow_up()) == ["A1", "A2", "A3", "A4"]'
	run -6 nida run night.yaml
	facts 'len(calls()) == 4'
}

@test "in_doubt: hold never calls again" {
	clock 600
	list 20
	campaign night <<<'in_doubt: {settle: 30s, then: hold}'
	start_sim --answer 100% --fault lost-request=25% --seed 2
	run -6 nida run night.yaml
	facts 'len(calls()) == 20' 'len({c.to for c in calls()}) == 20' \
		'3 <= [r["state"] for r in results()].count("in_doubt") == 20 - len(made())'
	# Each is named by its place, and by the next step.
	[[ $output =~ "Row "[0-9]+": whether +96890••••"[0-9]+" was called cannot be told; a person has to look. \`nida settle\` lists such rows" ]]
}

@test "429 slows down, waits as asked, and loses nobody" {
	clock 300
	list 30
	campaign night <<<'pace: {calls_per_minute: 60, live: 100}'
	start_sim --answer 100% --fault too-many=15%,retry-after=20s --seed 2
	run -0 nida run night.yaml
	[[ $output == *"Hamsa asks to slow down; the pace is halved for now"* ]]
	# Requests that were on their way already cannot be called back; the wait holds for the next.
	facts 'complete()' 'each_once()' 'len(calls()) >= 33' \
		'sum(gap >= 20_000 for gap in gaps([c.asked for c in calls()])) >= 3' \
		'all(any(other.asked >= c.asked + 20_000 for other in calls()) for c in calls() if not c.created)'
}

@test "Hamsa's own limit of live calls loses nobody" {
	clock 600
	list 12
	campaign night <<<'pace: {calls_per_minute: 120, live: 50}'
	start_sim --answer 100% --limit 2 --fault retry-after=5s
	nida run night.yaml
	facts 'complete()' 'each_once()' 'most_live() <= 2'
}

@test "a key that is not accepted: exit 4, nothing is dialled" {
	clock 600
	list 4
	campaign night </dev/null
	start_sim --key another
	run -4 nida run night.yaml
	[[ $output == *"Hamsa refuses the key or the project"* ]]
	facts 'calls() == []'
	[ "$(ledger "SELECT count(*) FROM contact WHERE state = 'pending'")" -eq 4 ]
	[[ $output != *"$HAMSA_API_KEY"* ]]
}

@test "an agent or a number that Hamsa does not know: exit 4, everybody is still pending" {
	clock 600
	list 30
	campaign night </dev/null
	for unknown in "--agent 00000000-0000-0000-0000-000000000000" "--number +96824999999" --deactivated; do
		# shellcheck disable=SC2086
		start_sim $unknown
		run -4 nida run night.yaml --new
		facts 'made() == []' 'len(calls()) <= 30'
		[ "$(ledger "SELECT count(*) FROM contact WHERE state = 'pending'")" -eq 30 ]
		end_sim
	done
}

@test "rows that Hamsa refuses are done, with Hamsa's words; the others are called" {
	clock 600
	list 6
	campaign night </dev/null
	start_sim --answer 100% --fault bad-number=+96890010003
	nida run night.yaml
	facts 'complete()' 'ends()["A3"] == "failed"' 'len(made()) == 5' '"400" in row("A3")["reason"]'
}

@test "Hamsa out of reach: nobody is dialled, nobody is lost" {
	clock 60
	list 4
	campaign night </dev/null
	start_sim
	port=$(cat port)
	end_sim
	start_run night.yaml
	wait_until grep -q 'cannot be' err
	start_sim --answer 100% --port "$port"
	await_exit 0
	facts 'complete()' 'each_once()'
}

@test "a second runner of the same campaign: exit 5" {
	clock 60
	list 20
	campaign night <<<'pace: {calls_per_minute: 30, live: 100}'
	start_sim --answer 100%
	start_run night.yaml
	wait_until asked 1
	run -5 nida run night.yaml
	[[ $output == *"$runner"* ]]
	await_exit 0
	facts 'complete()' 'each_once()'
}

@test "SIGTERM: live calls are followed to their end, exit 3, the next run goes on" {
	clock 120
	list 30
	campaign night <<<'pace: {calls_per_minute: 60, live: 100}'
	start_sim --answer 100% --talk 60s-60s
	start_run night.yaml
	wait_until asked 5
	leave TERM
	[ "$code" -eq 3 ]
	grep -q 'Stopping: no further call is placed' err
	[ "$(asked_count)" -lt 30 ]
	facts 'len(made()) == sum(e["event"] == "ended" for e in record())' \
		'[r["state"] for r in results()].count("done") == len(made())' \
		'[r["state"] for r in results()].count("pending") == 30 - len(made())'
	nida run night.yaml
	facts 'complete()' 'each_once()'
}

@test "SIGINT twice leaves at once; the next run picks the live calls up" {
	clock 60
	list 10
	campaign night <<<'pace: {calls_per_minute: 60, live: 100}'
	start_sim --answer 100% --talk 2m-2m
	start_run night.yaml
	wait_until asked 5
	wait_until counts "state = 'live'" 5
	kill -INT "$runner"
	wait_until grep -q 'Stopping' err
	leave INT
	[ "$code" -eq 3 ]
	grep -q 'Left at once; the next `nida run` picks up the live calls.' err
	facts 'not any(e["event"] == "ended" for e in record())'
	nida run night.yaml
	facts 'complete()' 'each_once()'
}

@test "calls that end while nobody looks are in the report all the same" {
	clock 300
	list 10
	campaign night <<<'pace: {calls_per_minute: 600, live: 100}'
	start_sim --answer 100% --talk 60s-60s
	start_run night.yaml
	wait_until asked 10
	wait_until counts "state = 'live'" 10
	kill -9 "$runner"
	wait_until nobody_is_talking
	nida run night.yaml
	facts 'complete()' 'each_once()' '{r["talk_seconds"] for r in results()} == {"60"}' \
		'all(r["transcript"] for r in results())'
}
