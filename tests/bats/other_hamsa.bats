#!/usr/bin/env bats
# A Hamsa that is not nida-sim (support/other_hamsa.py): other habits, the same contract.

load helper

setup() {
	begin_test
	clock 120
	list 60
	campaign night <<<'pace: {calls_per_minute: 120, live: 100}'
}

teardown() {
	end_test
}

sent_right() {
	facts 'complete()' 'each_once()' 'twice_at_once() == []' 'set(ends().values()) == {"completed"}' \
		'{c.sender for c in calls()} == {"+96824000000"}' \
		'{frozenset(c.params) for c in calls()} == {frozenset(("customerName", "accountBalance", "dueDate", "scenario", "language", "nidaRef"))}' \
		'{c.to[-2:]: c.params["customerName"] for c in calls()} == {f"{i:02}": f"سالم {i}" if i % 2 else f"Salim, {i}" for i in range(1, 61)}' \
		'{c.to[-2:]: c.params["language"] for c in calls()} == {f"{i:02}": "ar" if i % 2 else "en" for i in range(1, 61)}' \
		'{c.to[-2:]: c.params["accountBalance"] for c in calls()} == {f"{i:02}": f"{i}.500" if i % 2 else f"{i}.250" for i in range(1, 61)}'
}

@test "a list of 60: each called once with the right params; again: nobody" {
	start_other
	nida run night.yaml
	sent_right
	# Duration, cost, transcript and recording, wherever they were.
	facts '{r["talk_seconds"] for r in results()} == {"10"}' \
		'{float(r["cost"]) for r in results()} == {0.01}' \
		'{r["transcript"].splitlines()[0] for r in results() if r["lang"] == "en"} == {f"Agent: Hello Salim, {i}" for i in range(2, 61, 2)}' \
		'all(r["transcript"].splitlines()[1] in ("Customer: Speaking", "العميل: Speaking") for r in results())' \
		'all(r["recording"] == "https://media.example/" + r["job_id"] + ".mp3" for r in results())'
	run -0 nida run night.yaml
	[[ $output == *"Nobody is called."* ]]
	facts 'len(calls()) == 60'
}

kill_and_finish() {
	local at
	for at in 12 30 45; do
		start_run night.yaml
		wait_until asked "$at"
		kill -9 "$runner"
		wait "$runner" || true
	done
	nida run night.yaml
	sent_right
}

@test "kill -9 in the middle: each once" {
	start_other
	kill_and_finish
}

@test "kill -9, lost answers, and params that are not given back: each once" {
	start_other --silent --lost 0.15
	kill_and_finish
}

@test "lost answers are adopted, by the reference that comes back" {
	start_other --lost 0.3
	run -0 nida run night.yaml
	[[ $output == *"exists at Hamsa after all; following it."* ]]
	sent_right
}

@test "end-call ends the call, and its outcome is terminated" {
	start_other --talk 3600
	start_run night.yaml --limit 3
	wait_until counts "state = 'live'" 3
	nida end-call night.yaml --all
	await_exit 3
	facts 'sorted(e["event"] for e in record()).count("ending") == 3' \
		'[r["outcome"] for r in results()][:3] == ["terminated"] * 3'
}

@test "a list that takes longer to come than the time from one poll to the next" {
	list 6
	start_other --slow 0.1
	nida run night.yaml
	# What a round of the list did not show is read before the next round begins, however late it is:
	# ten seconds of talk, and nobody is given up as lost after an hour.
	facts 'complete()' 'each_once()' 'set(ends().values()) == {"completed"}'
}
