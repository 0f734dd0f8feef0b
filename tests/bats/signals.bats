#!/usr/bin/env bats
# Signals and the end of a run: whoever says stop is heard at once, whatever the provider and on_finish do.

load helper

setup() {
	begin_test
	clock 60
	list 30
	campaign night <<<'pace: {calls_per_minute: 60, live: 100}'
}

teardown() {
	end_test
}

# timed COMMAND...: it succeeds; $slowest is the longest that such a thing took in this take.
timed() {
	local began=${EPOCHREALTIME/[.,]/} took
	"$@"
	took=$(((${EPOCHREALTIME/[.,]/} - began) / 1000))
	echo "took $took ms: $*"
	((took <= slowest)) || slowest=$took
}

# quick TAKE: at one time of three everything that is timed in it takes less than two seconds of real time.
# Whatever it says besides must be true each time. What a busy machine delays it does not delay three
# times; what waits for a timeout does.
quick() {
	local take
	for take in 1 2 3; do
		slowest=0
		"$1"
		[ "$slowest" -ge 2000 ] || return 0
		echo "take $take of $1: $slowest ms"
		end_test
		rm -rf -- *
		setup
	done
	return 1
}

noted() {
	[[ $(ledger 'SELECT why FROM runner') == $1 ]]
}

hook() {
	printf '#!/bin/sh\n%s\n' "$1" >hook.sh
	chmod +x hook.sh
	campaign night <<-EOF
		pace: {calls_per_minute: 6000, live: 100}
		on_finish: ["./hook.sh"]
	EOF
}

never_answered() {
	start_other --hang 0
	start_run night.yaml
	wait_until noted 'waiting for Hamsa*'
	kill -INT "$runner"
	timed await_exit 3
	[ "$(asked_count)" -eq 0 ]
}

@test "a provider that never answered holds nobody up: the first Ctrl-C ends the run" {
	quick never_answered
}

hangs_in_the_middle() {
	start_other --hang 3 --talk 3600
	start_run night.yaml
	wait_until counts "state = 'live'" 3
	wait_until counts "state = 'placing'" 1
	kill -INT "$runner"
	timed wait_until grep -q 'Stopping: no further call is placed' err
	intents=$(ledger 'SELECT count(*) FROM attempt')
	kill -0 "$runner"
	kill -INT "$runner"
	timed await_exit 3
	[ "$(ledger 'SELECT count(*) FROM attempt')" -eq "$intents" ]
	[ "$intents" -lt 30 ]
}

@test "a provider that hangs in the middle: Ctrl-C stops the placing, the second leaves at once" {
	quick hangs_in_the_middle
}

terms() {
	start_other --hang 3 --talk 3600
	start_run night.yaml
	wait_until counts "state = 'live'" 3
	kill -TERM "$runner"
	timed wait_until grep -q 'Stopping: no further call is placed' err
	noted=$(ledger 'SELECT noted_ms FROM runner')
	kill -TERM "$runner"
	kill -TERM "$runner"
	has_gone_on() { [ "$(ledger 'SELECT noted_ms FROM runner')" -gt $((noted + 10000)) ]; }
	wait_until has_gone_on
	[ "$(grep -c Stopping err)" -eq 1 ]
	kill -INT "$runner"
	timed await_exit 3
}

@test "SIGTERM counts as the first Ctrl-C, however often it comes" {
	quick terms
}

hangups() {
	echo +96890010001 >never.csv
	campaign night <<-EOF
		hours: {timezone: Asia/Muscat, open: {sun: ["20:00-21:00"]}}
		suppress: [never.csv]
	EOF
	start_sim
	start_run night.yaml
	wait_until noted 'outside hours until Sun 22 Nov 20:00 Asia/Muscat'
	kill -HUP "$runner"
	timed wait_until grep -q 'The suppression files were read again' err
	echo nonsense >>never.csv
	kill -HUP "$runner"
	timed wait_until grep -q "never.csv', line 2" err
	rm never.csv
	kill -HUP "$runner"
	timed wait_until grep -q 'never.csv: the suppression file cannot be read' err
	kill -0 "$runner"
	[ "$(asked_count)" -eq 0 ]
}

@test "SIGHUP reads the do-not-call files at once, also while nobody may be called" {
	quick hangups
}

@test "on_finish that fails is reported and changes no exit code" {
	start_sim --answer 100%
	hook 'exit 7'
	run -0 nida run night.yaml
	[[ $output == *"on_finish: "*"hook.sh ended with exit code 7."* ]]
	hook 'kill -TERM $$'
	run -0 nida run night.yaml --new
	[[ $output == *"hook.sh was killed by signal 15."* ]]
	rm hook.sh
	run -0 nida run night.yaml --new
	[[ $output == *"hook.sh cannot be started: No such file or directory."* ]]
}

@test "on_finish cannot hang the run: after five minutes it is killed with all it started" {
	clock 600
	start_sim --answer 100%
	hook 'sleep 1000 & echo $! >sleeper; wait'
	start_run night.yaml
	await_exit 0
	grep -q 'hook.sh did not end within 5 minutes and was killed' err
	wait_until is_over "$(cat sleeper)"
	grep -q 'The run is finished' err
}

interrupted_hook() {
	start_sim --answer 100%
	hook 'echo >begun; sleep 1000'
	start_run night.yaml
	wait_until test -e begun
	kill -INT "$runner"
	timed await_exit 0
	grep -q 'hook.sh was interrupted and was killed' err
}

@test "on_finish is not waited for by somebody who presses Ctrl-C" {
	quick interrupted_hook
}
