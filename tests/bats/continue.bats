#!/usr/bin/env bats
# nida run --continue: whoever was called keeps the calls made and the wait for the next, whatever
# becomes of the row in the lists that follow.

load helper

setup() {
	begin_test
	clock 60
	start_sim --no-answer 100%
	campaign night <<-END
		retry: {attempts: 2, on: {no_answer: [20h]}}
		duplicates: first
	END
	sed -i '/^duplicates/d; s/country: OM}/country: OM, duplicates: first}/' night.yaml
	list 2
	start_run night.yaml --yes
	wait_until counts "why = 'no_answer' AND due_ms > 0" 2
	stop_runner
	due=$(ledger "SELECT due_ms FROM contact WHERE key = 'A1'")
}

teardown() {
	end_test
}

stop_runner() {
	kill -INT "$runner"
	await_exit 3
}

# The runner that was started last has nothing to do, and says so; what an earlier one said stays until then.
waits() {
	[ "$(ledger "SELECT count(*) FROM runner WHERE pid = $runner AND why LIKE 'the next call%'")" -eq 1 ]
}

# goes_on: --continue with the list as it is now, until it waits again.
goes_on() {
	start_run night.yaml --yes --continue
	wait_until grep -q 'with the list and the settings as they are now' err
	wait_until waits
	stop_runner
}

row() {
	ledger "SELECT $1 FROM contact WHERE key = '$2'"
}

once_each() {
	facts 'len(made()) == 2' 'len(set(numbers())) == 2'
	facts 'len(results()) == 2' 'keys(results()) == ["A1", "A2"]'
	[ "$(jq -c '.agrees' reports/night/*/summary.json)" = true ]
	[ "$(ledger 'SELECT rows FROM run')" -eq 2 ]
}

@test "a value that is wrong in one list and right again in the next" {
	cp customers.csv good.csv
	sed -i '2s/,[0-9.]*,2026/,no money,2026/' customers.csv
	goes_on
	[ "$(row "state || ' ' || why || ' ' || attempts" A1)" = "skipped bad_value 1" ]
	cp good.csv customers.csv
	goes_on
	[ "$(row "state || ' ' || attempts || ' ' || due_ms" A1)" = "pending 1 $due" ]
	once_each
}

@test "a row that is gone from one list and back in the next" {
	cp customers.csv good.csv
	sed -i 2d customers.csv
	goes_on
	[ "$(row "state || ' ' || detail" A1)" = "skipped no longer on the list" ]
	cp good.csv customers.csv
	goes_on
	[ "$(row "state || ' ' || attempts || ' ' || due_ms" A1)" = "pending 1 $due" ]
	once_each
}

@test "a number that is suppressed stays one row, however often the list changes" {
	nida suppress add "$(row phone A1)" --ledger nida.db
	sed -i '3s/Salim/Salem/' customers.csv
	goes_on
	sed -i '3s/Salem/Selim/' customers.csv
	goes_on
	[ "$(row "state || ' ' || why" A1)" = "skipped suppressed" ]
	once_each
}

@test "a number that was called under another key is a duplicate" {
	sed -i '2s/^A1,/B1,/' customers.csv
	goes_on
	[ "$(row "state || ' ' || why || ' ' || detail" B1)" = "skipped duplicate row 1 has the same number" ]
	facts 'len(made()) == 2' 'len(set(numbers())) == 2'
	[ "$(jq -c '.agrees' reports/night/*/summary.json)" = true ]
}
