#!/usr/bin/env bats
# nida cancel: a run ended for good, beside a runner and without one.

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
	wait_until counts "state = 'live'" 4
	wait_until is_talking 4
}

# nida cancel beside the test.
start_cancel() {
	"$NIDA_BUILD/nida" cancel night.yaml >cancel.out 2>&1 3>&- &
	cancel=$!
	started+=("$cancel")
}

is_talking() {
	[ "$(ledger "SELECT count(*) FROM attempt WHERE status = 'IN_PROGRESS'")" -eq "$1" ]
}

kill_runner() {
	kill -9 "$runner"
	wait "$runner" || true
}

rest_cancelled() {
	facts 'complete()' 'len(calls()) == 4' \
		'len([r for r in results() if r["reason"].endswith("the run was cancelled")]) == 36'
	[ "$(ledger "SELECT count(*) FROM contact WHERE why = 'cancelled'")" -eq 36 ]
	[ "$(ledger 'SELECT state FROM run')" = cancelled ]
	[ "$(curl -s "$origin/sim/record" | grep -o '"live":[0-9]*')" = '"live":0' ]
}

@test "beside a runner: live calls are followed to their end, exit 3" {
	four_live --talk 8m-8m
	run -0 nida cancel night.yaml
	[ "${lines[0]}" = "Run $(run_name) of campaign night is cancelled: 36 rows are not called any more." ]
	[ "${lines[1]}" = "Process $runner runs it: it follows what is live to its end and writes the reports." ]
	[ "${#lines[@]}" -eq 2 ]
	# Noticed within a second, while the four talk on.
	[ "$(ledger "SELECT count(*) FROM contact WHERE state = 'skipped' AND why = 'cancelled'")" -eq 36 ]
	await_exit 3
	rest_cancelled
	facts 'set(ends().values()) == {"completed", "skipped"}'
	[[ $(cat err) == *"The run was cancelled"* ]]
}

@test "beside a runner, --end-live: live calls are ended" {
	four_live
	run -0 nida cancel night.yaml --end-live
	[ "$(grep -c '^Asking Hamsa to end the call of A[1-4] …$' <<<"$output")" -eq 4 ]
	[ "$(grep -c '^The call of A[1-4] was ended\.$' <<<"$output")" -eq 4 ]
	await_exit 3
	rest_cancelled
	facts 'sorted(ends().values()).count("terminated") == 4'
}

@test "without a runner: this command follows them, and writes the reports" {
	four_live --talk 8m-8m
	kill_runner
	run -0 nida cancel night.yaml
	[[ $output == *"36 rows are not called any more."* ]]
	[[ $output == *"reports/night/$(run_name)/report.html"* ]]
	rest_cancelled
	facts 'set(ends().values()) == {"completed", "skipped"}'
}

@test "without a runner, --end-live" {
	four_live
	kill_runner
	run -0 nida cancel night.yaml --end-live
	rest_cancelled
	facts 'sorted(ends().values()).count("terminated") == 4'
}

@test "asked again it does no harm, and run names --new" {
	four_live
	nida cancel night.yaml --end-live
	await_exit 3
	run -0 nida cancel night.yaml
	[ "$output" = "Run $(run_name) of campaign night was cancelled already." ]
	run -0 nida run night.yaml
	[[ $output == *"Run $(run_name) of campaign night is cancelled"*"--new"* ]]
	facts 'len(calls()) == 4'
	# The new one is another run, and this one is not touched any more.
	start_run night.yaml --new
	wait_until counts "state = 'live' AND run_id = 2" 1
	run -0 nida cancel night.yaml --end-live
	await_exit 3
	[ "$(ledger "SELECT group_concat(state) FROM run")" = cancelled,cancelled ]
}

@test "a runner that is killed right after: the same command goes on" {
	four_live --talk 8m-8m
	kill -STOP "$runner"
	start_cancel
	wait_until is_cancelled
	kill -9 "$cancel"
	wait "$cancel" || true
	kill_runner
	# Cancelled, but nothing of it is carried out yet.
	[ "$(ledger "SELECT count(*) FROM contact WHERE state = 'pending'")" -eq 36 ]
	run -0 nida status night.yaml
	[[ $output == *'the run was cancelled; 4 calls are live and followed by nobody: `nida cancel` again does'* ]]
	run -3 nida run night.yaml
	[[ $output == *'`nida cancel` again does that.'* ]]
	run -0 nida cancel night.yaml
	rest_cancelled
}

is_cancelled() {
	[ "$(ledger 'SELECT state FROM run')" = cancelled ]
}

@test "a row that waits for another try is not tried again" {
	list 1
	campaign night <<<'retry: {attempts: 3, on: {no_answer: [1h]}}'
	start_sim --answer 0% --no-answer 100%
	start_run night.yaml
	wait_until counts "state = 'pending' AND attempts = 1"
	run -0 nida cancel night.yaml
	[[ $output == *": 1 row is not called any more."* ]]
	await_exit 3
	facts 'complete()' 'len(calls()) == 1'
	[ "$(ledger 'SELECT state, why FROM contact')" = 'skipped|cancelled' ]
}

@test "what is in doubt stays in doubt, and is named: exit 6" {
	list 2
	campaign night <<<'in_doubt: {settle: 30s, then: hold}'
	start_sim --fault lost-request=100%
	start_run night.yaml
	wait_until counts "state = 'in_doubt'" 2
	run nida cancel night.yaml
	[ "$status" -eq 6 ]
	[[ $output == *"in doubt   A1, attempt 1, Sun 22 Nov 1"* ]]
	[[ $output == *"in doubt   A2, attempt 1, "* ]]
	[[ $output == *'`nida settle` lets you decide.'* ]]
	await_exit 3
	[ "$(ledger "SELECT count(*) FROM contact WHERE state = 'in_doubt'")" -eq 2 ]
	facts 'len(follow_up()) == 2'
	# A person's word does not open it again.
	run -0 nida settle night.yaml A1 --not-called
	[[ $output == *"It is not called again: the run was cancelled."* ]]
	[ "$(ledger "SELECT why FROM contact WHERE key = 'A1'")" = cancelled ]
}

# left_at_once: the cancel that follows live calls is interrupted twice, and ends with 3.
left_at_once() {
	wait_until grep -q 'not called any more' cancel.out
	# It follows them: one Ctrl-C is answered, the next is obeyed.
	kill -INT "$cancel"
	wait_until grep -q 'Ctrl-C again leaves at once' cancel.out
	kill -INT "$cancel"
	wait_until is_over "$cancel"
	run -3 wait "$cancel"
}

follows() {
	grep -q '^SigCgt:.*[2367abef]$' "/proc/$cancel/status"
}

@test "without a runner, Ctrl-C twice: what is live is counted, and the same command follows it, exit 3" {
	four_live
	kill_runner
	start_cancel
	wait_until follows
	left_at_once
	[ "$(tail -1 cancel.out)" = "4 calls are still live; \`nida cancel\` again follows them to their end." ]
	# Three of them end; one is left.
	local key
	for key in A1 A2 A3; do
		nida end-call night.yaml $key
	done
	start_cancel
	wait_until follows
	left_at_once
	[ "$(tail -1 cancel.out)" = "1 call is still live; \`nida cancel\` again follows it to its end." ]
	run -0 nida cancel night.yaml --end-live
	rest_cancelled
}

@test "on_finish runs once, by whoever ends the run" {
	printf '#!/bin/sh\necho "$NIDA_RUN $NIDA_SKIPPED $NIDA_PENDING" >>finished\n' >finish.sh
	chmod +x finish.sh
	campaign night <<<'on_finish: [./finish.sh]
pace: {calls_per_minute: 60, live: 4}'
	four_live
	nida cancel night.yaml --end-live
	await_exit 3
	[ "$(cat finished)" = "$(run_name) 36 0" ]
}

@test "nothing to cancel" {
	start_sim --answer 100%
	run -2 nida cancel night.yaml
	[ ! -e nida.db ]
	list 2
	nida run night.yaml
	run -0 nida cancel night.yaml
	[ "$output" = "Run $(run_name) of campaign night is finished; there is nothing to cancel." ]
}

@test "a report folder whose variable is not set is not guessed, and the calls are ended all the same" {
	export REPORTS=reports
	campaign night <<-'EOF'
		pace: {calls_per_minute: 60, live: 4}
		report: {dir: "${REPORTS}", recordings: download}
	EOF
	four_live
	kill_runner
	unset REPORTS
	run -2 nida cancel night.yaml --end-live
	[[ $output == *"night.yaml: report.dir names a variable that is not set"*"--out DIR."* ]]
	[ ! -e '(null)' ]
	wait_until nobody_live
	run -0 nida cancel night.yaml --out reports
	rest_cancelled
}

nobody_live() {
	[ "$(curl -s "$origin/sim/record" | grep -o '"live":[0-9]*')" = '"live":0' ]
}

@test "on a terminal it asks; Ctrl-C, the end of input and other words are a no" {
	four_live
	local question action
	question='Cancel run '"$(run_name)"' of campaign night for good? Rows that are not called any more: 36; '
	question+='live calls, which are followed to their end: 4. [y/N]'
	for action in 'type:\x03' 'type:\x04' 'type:n\n' 'type:yes, please\n' 'type:\n'; do
		run -3 on_terminal "$question" "$action" cancel night.yaml
		[[ $output == *"Nothing was changed."* ]]
		[ "$(ledger 'SELECT state FROM run')" = open ]
	done
	run -0 on_terminal 'ended: 4. [y/N]' 'type:Y\n' cancel night.yaml --end-live
	await_exit 3
}

@test "on a terminal --yes does not ask" {
	four_live
	run -0 on_terminal 'cancelled' 'type:' cancel night.yaml --end-live --yes
	[[ $output != *"for good?"* ]]
	await_exit 3
}

@test "without a runner: a ledger that is taken away stops the following, exit 1" {
	four_live
	kill_runner
	start_cancel
	wait_until test -s cancel.out
	mkdir away
	mv nida.db nida.db-* away/
	wait_until is_over "$cancel"
	run -1 wait "$cancel"
	grep -q 'nida.db was deleted, moved or replaced' cancel.out
	mv away/nida.db* .
	run -0 nida cancel night.yaml --end-live
	rest_cancelled
}
