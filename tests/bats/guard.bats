#!/usr/bin/env bats
# What must hold when something around nida goes wrong: files that are cut off or taken away under a
# run, other programs' files, words with numbers or control characters in them, a terminal that goes.

load helper

setup() {
	begin_test
	clock 600
	list 6
	campaign night </dev/null
}

teardown() {
	end_test
}

# ---- suppression files ----------------------------------------------------------------------------

# numbers N: a do-not-call register of N numbers that are on no list of these tests.
numbers() {
	local i
	echo phone
	for ((i = 0; i < $1; i++)); do
		echo "+9689100$((1000 + i))"
	done
}

# slow_with_register: a run of two minutes, with a register of 40 numbers; ten calls are out.
slow_with_register() {
	clock 60
	list 60
	numbers 40 >dnc.csv
	campaign night <<-EOF
		pace: {calls_per_minute: 30, live: 100}
		suppress: [dnc.csv]
	EOF
	start_sim --answer 100%
	start_run night.yaml
	wait_until asked 10
}

# stays_at N: no further call while the runner looks around many times.
stays_at() {
	wait_until looked_around $(($(ledger 'SELECT noted_ms FROM runner') + 15000))
	[ "$(asked_count)" -eq "$1" ]
}

@test "an empty suppression file is refused by check and by run" {
	: >dnc.csv
	campaign night <<<'suppress: [dnc.csv]'
	run -2 nida check night.yaml
	[[ $output == *"The suppression file 'dnc.csv' is empty; a header line at least is expected"* ]]
	start_sim
	run -2 nida run night.yaml
	[[ $output == *"'dnc.csv' is empty"* ]]
	[ "$(asked_count)" -eq 0 ]
}

@test "a suppression file that is emptied under a run stops the placing, not the following" {
	slow_with_register
	: >dnc.csv
	wait_until why_is "'dnc.csv' is empty; a header line at least is expected"
	wait_until all_answered
	before=$(asked_count)
	[ "$before" -lt 60 ]
	wait_until none "state = 'live'"
	stays_at "$before"
	[ "$(ledger "SELECT count(*) FROM contact WHERE state = 'done'")" -eq "$before" ]
	grep -q "error The suppression file 'dnc.csv' is empty" err
	numbers 41 >dnc.csv
	await_exit 0
	facts 'each_once()' 'complete()' 'len(calls()) == 60'
}

@test "a suppression file that loses most of its numbers stops the placing until a person accepts it" {
	slow_with_register
	numbers 19 >dnc.csv
	wait_until why_is "dnc.csv: 19 of its 40 numbers are left. Nothing is dialled"
	wait_until all_answered
	before=$(asked_count)
	stays_at "$before"
	[ "$(grep -c 'numbers are left' err)" -le 2 ]
	# Another file that is as short has not been looked at.
	kill -HUP "$runner"
	wait_until asked $((before + 1))
	numbers 3 >dnc.csv
	wait_until why_is "dnc.csv: 3 of its 19 numbers are left"
	kill -HUP "$runner"
	await_exit 0
	facts 'each_once()' 'complete()' 'len(calls()) == 60'
}

@test "half of the numbers, or a short register, may go without a word" {
	slow_with_register
	numbers 20 >dnc.csv
	await_exit 0
	run ! grep 'numbers are left' err
	facts 'len(calls()) == 60'
}

# keep_writing TEXT: dnc.csv again and again until there is a file `enough`; the longest time that it was left
# alone, in microseconds, goes to the file `longest`.
keep_writing() {
	local before now longest=0
	before=${EPOCHREALTIME/[.,]/}
	while [ ! -e enough ]; do
		now=${EPOCHREALTIME/[.,]/}
		echo -n "$1" >dnc.csv
		((${EPOCHREALTIME/[.,]/} - before <= longest)) || longest=$((${EPOCHREALTIME/[.,]/} - before))
		before=$now
		read -r -t 0.01 <> <(:) || true
	done
	echo "$longest" >longest.new
	mv longest.new longest
}

# run_while_written: a register that somebody writes for longer than a file must be quiet for.
run_while_written() {
	local writer before
	rm -rf nida.db* reports record enough longest
	numbers 40 >dnc.csv
	clock 2
	start_sim --answer 100% --ring 1s-1s --talk 1s-2s
	start_run night.yaml
	wait_until asked 10
	keep_writing "$(numbers 40 | head -c 300)" 3>&- &
	writer=$!
	started+=("$writer")
	wait_until why_is 'dnc.csv: the suppression file was written a moment ago'
	wait_until all_answered
	before=$(asked_count)
	wait_until looked_around $(($(ledger 'SELECT noted_ms FROM runner') + 4000))
	still=$(($(asked_count) - before))
	: >enough
	wait "$writer"
	numbers 40 >dnc.csv
	await_exit 0
}

@test "a suppression file that is being written is not read yet, and nobody is dialled meanwhile" {
	# As slow as life nearly: a file is quiet after a second.
	list 40
	campaign night <<-EOF
		pace: {calls_per_minute: 600, live: 100}
		suppress: [dnc.csv]
	EOF
	# A machine that let the writer sleep so long has written a quiet file: that take says nothing.
	for take in {1..5}; do
		run_while_written
		echo "take $take: left alone for $(cat longest) µs at most"
		[ "$(cat longest)" -ge 900000 ] || break
	done
	[ "$still" -eq 0 ]
	facts 'each_once()' 'complete()' 'len(calls()) == 40'
	run ! grep 'too few digits' err
}

# ---- the ledger -----------------------------------------------------------------------------------

# slow [OPTION...]: a run of two minutes; ten calls are out.
slow() {
	clock 60
	list 60
	campaign night <<<'pace: {calls_per_minute: 30, live: 100}'
	start_sim --answer 100% "$@"
	start_run night.yaml
	wait_until asked 10
}

@test "a ledger that is taken away under a run: no further call, exit 1, and it goes on when it is back" {
	slow
	mv nida.db kept.db
	await_exit 1
	grep -q '^nida: nida.db was deleted, moved or replaced while this run was using it. No further' err
	before=$(asked_count)
	[ "$before" -lt 60 ]
	mv kept.db nida.db
	run nida run night.yaml
	facts 'each_once()' 'complete()' 'len(calls()) == 60'
}

@test "a run that only waits, or only follows, notices it too" {
	still_clock 2026-11-22T05:00:00+04:00
	campaign night <<<'hours: {timezone: Asia/Muscat, open: {sat-fri: ["09:00-13:00"]}}'
	start_sim
	start_run night.yaml
	wait_until why_is 'outside hours'
	mv nida.db kept.db
	await_exit 1
	grep -q '^nida: nida.db was deleted, moved or replaced' err
	[ "$(asked_count)" -eq 0 ]
}

@test "a ledger that another file has replaced is not written on" {
	slow
	sqlite3 other.db 'CREATE TABLE x (y)'
	mv other.db nida.db
	await_exit 1
	grep -q 'nida.db was deleted, moved or replaced' err
	[ "$(asked_count)" -lt 60 ]
}

@test "so it is when its write-ahead log or the lock goes" {
	slow
	rm nida.db-wal
	await_exit 1
	grep -q 'nida.db-wal was deleted, moved or replaced' err
	before=$(asked_count)
	[ "$before" -lt 60 ]
	rm -f nida.db*
	start_run night.yaml
	wait_until asked $((before + 10))
	rm nida.db.night.lock
	await_exit 1
	grep -q 'nida.db.night.lock was deleted, moved or replaced' err
	[ "$(asked_count)" -lt $((before + 60)) ]
	# Nothing was lost: a new lock, the same ledger.
	before=$(ledger 'SELECT count(*) FROM attempt')
	run -0 nida run night.yaml
	[ "$(ledger 'SELECT count(*) FROM attempt')" -eq 60 ]
}

@test "another program's database is no ledger, and nothing of it is changed" {
	still_clock
	start_sim
	sqlite3 other.db 'CREATE TABLE run (x); INSERT INTO run VALUES (1)'
	cp other.db before.db
	for line in 'run night.yaml' 'status night.yaml' 'suppress list'; do
		# shellcheck disable=SC2086
		run -2 nida $line --ledger other.db
		[[ $output == *"other.db: this is the database of another program, not a ledger of nida. Nothing was changed; name another file with --ledger."* ]]
	done
	cmp other.db before.db
	[ "$(asked_count)" -eq 0 ]
}

# ---- words of others ------------------------------------------------------------------------------

@test "no whole number in log, events and reports by Hamsa's words, nor by a key that is the number" {
	clock 60
	campaign night <<<'list: {file: customers.csv, phone: mobile, language: lang, country: OM}'
	start_other --refuse 'toNumber {to}, ٩٦٨٩٠٠١٠٠٠١ or 968-9001-0001 is bad, job 12345678-1234-1234-1234-123456789012, limit 100.500'
	start_run night.yaml --yes --verbose
	await_exit 0
	grep -q 'toNumber +•••••••••01, •••••••••٠١ or •••-••••-••01 is bad, job 12345678-1234-1234-1234-123456789012, limit 100.500' err
	grep -q 'placing attempt 1 for row 1 (+96890' err
	run ! grep -E '\+?968[ -]?9001|٩٦٨٩٠' err
	[ "$(ledger "SELECT count(*) FROM event WHERE text LIKE '%9689001%'")" -eq 0 ]
	[ "$(ledger "SELECT count(*) FROM event WHERE text LIKE '%toNumber +••%'")" -ge 6 ]
	run ! grep -F 'toNumber +968' reports/night/*/results.csv
}

# ---- what narrows a run, and the question before it ----------------------------------------------

@test "--dry-run prints no more than --limit and --only let through" {
	start_sim
	run -0 --separate-stderr nida run night.yaml --dry-run --limit 2
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} == *'"+96890010001"'* && ${lines[1]} == *'"+96890010002"'* ]]
	run -0 --separate-stderr nida run night.yaml --dry-run --only A4
	[ "${#lines[@]}" -eq 1 ]
	[[ ${lines[0]} == *'"+96890010004"'* ]]
	run -2 nida run night.yaml --dry-run --only A9
	[[ $output == *"--only A9: the list has no row with this key that can be called."* ]]
}

@test "a --limit or --only that means nothing is refused before anything is frozen" {
	start_sim
	for option in --limit=0 --limit= --limit=-3 --limit=2x --limit=99999999999999999999 --only=; do
		for dry in "" --dry-run; do
			# shellcheck disable=SC2086
			run -2 nida run night.yaml "$option" $dry
			[[ $output == *"nida: ${option%%=*} is "*"; expected "* ]]
			[ ! -e nida.db ]
		done
	done
}

@test "no, Ctrl-C or the end of input at the question: nobody is called, no run is left behind" {
	still_clock
	start_sim
	for action in 'type:n\n' 'type:\x03' 'type:\x04' 'type:\n'; do
		run -3 on_terminal 'Place calls to 6 customers now? [y/N]' "$action" run night.yaml
		[[ $output == *"Nothing was dialled."* ]]
		[ "$(ledger 'SELECT count(*) FROM run')" -eq 0 ]
		[ "$(ledger 'SELECT count(*) FROM contact')" -eq 0 ]
	done
	on_terminal '[y/N]' hang-up run night.yaml || true
	[ "$(ledger 'SELECT count(*) FROM run')" -eq 0 ]
	run -3 on_terminal 'Place calls to 2 customers now?' 'type:n\n' run night.yaml --limit 2
	run -3 on_terminal 'Place calls to 1 customer now?' 'type:n\n' run night.yaml --only A4
	[ "$(asked_count)" -eq 0 ]
	[ "$(ledger 'SELECT count(*) FROM run')" -eq 0 ]
}

@test "yes at the question calls everybody" {
	clock 60
	list 60
	start_sim --answer 100%
	campaign night <<<'pace: {calls_per_minute: 60, live: 100}'
	run -0 on_terminal 'Place calls to 60 customers now?' 'type:y\n' run night.yaml
	facts 'each_once()' 'complete()'
}

# ---- an unfinished run before --new ---------------------------------------------------------------

@test "--new while a run has doubts and the list has changed: the advice can be followed" {
	start_sim --answer 100% --fault lost-request=100%
	campaign night <<<'in_doubt: {settle: 5s, then: hold}'
	run -3 nida run night.yaml --limit 2
	list 4
	run -2 nida run night.yaml --new
	[[ $output == *"2 of its calls are in doubt. \`nida settle night.yaml\` lists them"* ]]
	[[ $output == *"\`nida run night.yaml --continue\` goes on"* ]]
	nida settle night.yaml A1 --called
	nida settle night.yaml A2 --not-called
	run -6 nida run night.yaml --new
	[ "$(ledger "SELECT group_concat(state, ' ') FROM run")" = 'cancelled finished' ]
}

@test "--new while calls of a killed run are live and the list has changed: likewise" {
	clock 60
	list 8
	campaign night <<<'pace: {calls_per_minute: 600, live: 6}'
	start_sim --answer 100% --talk 2m-3m
	start_run night.yaml
	wait_until counts "state = 'live'" 6
	kill -9 "$runner"
	wait "$runner" || true
	list 7
	run -2 nida run night.yaml --new
	[[ $output == *"6 are live and 0 in doubt. Follow them to their end first: \`nida pause night.yaml\`"* ]]
	[[ $output == *"then \`nida run night.yaml --continue\`"*"\`nida settle night.yaml\`"* ]]
	nida pause night.yaml
	before=$(asked_count)
	run -3 nida run night.yaml --continue
	[ "$(asked_count)" -eq "$before" ]
	run nida run night.yaml --new
	[[ $output == *"The run is finished."* ]]
}

# ---- a number that is in doubt from before --------------------------------------------------------

@test "a number in doubt from an earlier run is not dialled, at once and with a reason; exit 6" {
	start_sim --answer 100% --fault lost-request=100%
	campaign night <<<'in_doubt: {settle: 5s, then: hold}'
	list 2
	run -6 nida run night.yaml
	first=$(ledger "SELECT name FROM run")
	end_sim
	# Its next run, with another list.
	start_sim --answer 100% --seed 7
	list 3
	run -6 nida run night.yaml
	# At once, by the run's own clock: no wait for a call that may end.
	[ "$(ledger "SELECT max(e.at_ms) - min(r.created_ms) FROM event e JOIN run r ON r.id = e.run_id WHERE e.kind = 'row.skipped'")" -lt 600000 ]
	[[ $output == *"2 rows were not called because an earlier call to their number is in doubt;"* ]]
	facts 'numbers() == ["+96890010003"]' 'complete()' \
		'[r["state"] for r in results()] == ["skipped", "skipped", "done"]' \
		'keys(follow_up()) == ["A1", "A2"]' \
		"'campaign night, run $first, row A1: look for that call at Hamsa, then decide with \`nida settle CAMPAIGN A1 --run $first\`' in row('A1')['reason']"
	[ "$(ledger "SELECT count(*) FROM contact WHERE why = 'unsettled'")" -eq 2 ]
	# Another campaign of the same ledger.
	sed 's/^campaign: night/campaign: day/' night.yaml >day.yaml
	run -6 nida run day.yaml
	[[ $output == *"skipped     2 unsettled"* ]]
	# What a person decides opens the numbers, not the old run.
	nida settle night.yaml A1 --run "$first" --called
	run -0 nida settle night.yaml A2 --run "$first" --not-called
	[[ $output == "The row stays uncalled in this older run; its number may be called by others again." ]]
	[ "$(ledger "SELECT count(*) FROM run WHERE state = 'open'")" -eq 0 ]
	run -0 nida run day.yaml --new
	facts 'len(numbers()) == 5'
}

# ---- terminals ------------------------------------------------------------------------------------

# tame TEXT: no byte that a terminal would obey, in UTF-8 or in eight bits, but for line ends.
tame() {
	"$PYTHON" -IS -c '
import sys
text = sys.stdin.buffer.read().decode("utf-8")
bad = [c for c in text if (ord(c) < 32 and c not in "\n\t") or 0x7f <= ord(c) <= 0x9f]
sys.exit(f"control characters: {bad}" if bad else 0)' <<<"$1"
}

# What an evil list has for keys and names: a title, a clear screen, C1 in UTF-8, a backspace.
ESC=$'\e]0;owned\a\e[2J\u009b31m\b'

@test "control characters of keys, names and Hamsa's words never reach a terminal" {
	clock 60
	{
		echo account_no,mobile,customer_name,lang,balance,due_date
		echo "A1$ESC,+96890010001,Evil $ESC,en,1.500,2026-12-01"
		echo "A2$ESC,12$ESC,Bad,en,1.500,2026-12-01"
	} >customers.csv
	start_other --refuse "no $ESC to {to}"
	run -0 nida check night.yaml
	tame "$output"
	[[ $output == *'key A2\x1b]0;owned\x07\x1b[2J\u009b31m\x08: '* ]]
	run nida run night.yaml --verbose
	tame "$output"
	for line in 'status night.yaml' 'status' 'events night.yaml' 'events night.yaml --json' \
		'status night.yaml --json' 'settle night.yaml' "end-call night.yaml X$ESC" \
		"run night.yaml --only X$ESC --new" "settle night.yaml X$ESC --called" \
		"suppress add +96890010009 --ledger nida.db --reason x$ESC" \
		'suppress list --ledger nida.db' 'suppress list --ledger nida.db --json' \
		"status night$ESC.yaml" "check night.yaml --list no$ESC.csv" "$ESC" "run --$ESC"; do
		# shellcheck disable=SC2086
		run nida $line
		tame "$output"
	done
	run nida events night.yaml
	[[ $output == *'A1'?*']0;owned'* ]]
	run nida events night.yaml --json
	[[ $output == *'"key":"A1\u001b]0;owned\u0007\u001b[2J\u009b31m\u0008"'* ]]
}

@test "nor do they while calls are live or in doubt, nor in the drawing of progress" {
	clock 60
	printf '%s\n' account_no,mobile,customer_name,lang,balance,due_date \
		"A1$ESC,+96890010001,Evil $ESC,en,1.500,2026-12-01" >customers.csv
	start_sim --answer 100% --talk 10m-11m
	start_run night.yaml
	wait_until counts "state = 'live'"
	run -0 nida status night.yaml
	[[ $output == *'A1'?*']0;owned'* ]]
	tame "$output"
	run -0 nida end-call night.yaml --all
	[[ $output == *'The call of A1'?*']0;owned'* ]]
	tame "$output"
	await_exit 0
	rm nida.db
	end_sim
	start_sim --answer 100%
	run -0 on_terminal '1 answered' 'type:x' run night.yaml --yes
	[[ $output == *'A1'?*']0;owned'* && $output != *$'\e]0'* && $output != *$'\e[2J'* ]]
	run -0 nida try night.yaml --to +96890010003 --row "A1$ESC"
	tame "$output"
	end_sim
	start_sim --answer 100% --fault lost-request=100%
	campaign night <<<'in_doubt: {settle: 5s, then: hold}'
	run -6 nida run night.yaml --new
	tame "$output"
	run -0 nida settle night.yaml
	[[ $output == *'A1'?*']0;owned'* ]]
	tame "$output"
}

# ---- a log for machines ---------------------------------------------------------------------------

# all_json FILE: every line is one object with a time, a level and a message.
all_json() {
	[ -s "$1" ]
	jq -es 'all(.[]; (.time | test("T")) and (.level | IN("debug", "info", "warn", "error")) and (.message | type == "string"))' "$1"
	[ "$(wc -l <"$1")" -eq "$(jq -s length "$1")" ]
}

# refused [OPTION...]: nida run with a log for machines ends with exit code 2.
refused() {
	local code=0
	nida run night.yaml --log json "$@" 2>err || code=$?
	[ "$code" -eq 2 ]
	all_json err
}

@test "--log json: every line on standard error is one object" {
	start_sim --answer 100%
	campaign night <<-EOF
		report: {dir: reports, every: 1s}
		on_finish: [sh, -c, "echo said by the hook"]
	EOF
	nida run night.yaml --log json --verbose >out 2>err
	all_json err
	jq -es 'any(.[]; .message == "The run is finished.") and any(.[]; .message | startswith("hours "))' err
	grep -qx 'said by the hook' out
	nida run night.yaml --log json 2>err
	all_json err
	refused --limit 0
	jq -es '.[-1].level == "error" and (.[-1].message | startswith("--limit is"))' err
	refused --nonsense
	NIDA_CLOCK=x refused
	echo 'campain: x' >>night.yaml
	refused
	jq -es 'any(.[]; .level == "error" and (.message | test("night.yaml:[0-9]+:1: ")))' err
	# Text stays text.
	sed -i '/campain/d' night.yaml
	nida run night.yaml --new --log text 2>err
	grep -qx 'The run is finished.' err
}

@test "--log json on a terminal: no drawing between the objects; the question is one too" {
	clock 60
	start_sim --answer 100%
	run -0 on_terminal 'Place calls to 6 customers now? [y/N]' 'type:y\n' run night.yaml --log json
	grep -v '^y\|^report \|^results ' <<<"$output" | tr -d '\r' >err
	all_json err
}

# ---- reports that cannot be written ---------------------------------------------------------------

@test "reports that cannot be written: totals and on_finish all the same, exit 1, and a hint later" {
	clock 60
	start_sim --answer 100%
	campaign night <<-EOF
		pace: {calls_per_minute: 60, live: 100}
		report: {dir: reports}
		on_finish: [sh, -c, "echo exit=\$NIDA_EXIT done=\$NIDA_DONE report=\$NIDA_REPORT. >hooked"]
	EOF
	start_run night.yaml
	wait_until asked 3
	rm -rf reports
	echo 'in the way' >reports
	await_exit 1
	output=$(<err)
	[[ $output == *"rows       6 = 6 done"* && $output == *"The run is finished."* ]]
	[[ $output == *"nida: "*"reports"* ]]
	[[ $output == *"The reports of this run are missing; \`nida report night.yaml\` writes them."* ]]
	[ "$(cat hooked)" = 'exit=1 done=6 report=.' ]
	run -0 nida run night.yaml
	[[ $output == *"is finished, and the list has not changed since."*"Its reports are missing; \`nida report night.yaml\` writes them."* ]]
	rm reports
	nida report night.yaml
	run -0 --separate-stderr nida run night.yaml
	[[ $stderr != *missing* && $output == "report   reports/night/"* ]]
	facts 'each_once()' 'complete()' 'len(calls()) == 6'
	# Somebody has cleared them away.
	rm -r reports
	run -0 nida run night.yaml
	[[ $output == *"Its reports are missing"* ]]
}

# ---- a terminal that goes away --------------------------------------------------------------------

@test "a terminal that is closed does not end a run: everybody is called, the reports are written" {
	clock 60
	list 60
	campaign night <<<'pace: {calls_per_minute: 60, live: 100}'
	start_sim --answer 100%
	run -0 on_terminal ' completed ' hang-up run night.yaml --yes
	facts 'each_once()' 'complete()' 'len(calls()) == 60'
	[ "$(ledger 'SELECT state FROM run')" = finished ]
}

@test "a closed terminal accepts no shrunken suppression file; a person still can" {
	clock 60
	list 60
	numbers 40 >dnc.csv
	campaign night <<-EOF
		pace: {calls_per_minute: 30, live: 100}
		suppress: [dnc.csv]
	EOF
	start_sim --answer 100%
	on_terminal 'numbers are left' hang-up run night.yaml --yes >shown 3>&- &
	holder=$!
	started+=("$holder")
	wait_until asked 10
	numbers 3 >dnc.csv
	wait_until why_is 'numbers are left'
	wait_until all_answered
	before=$(asked_count)
	# The reason is in the drawing by now, so the terminal goes; the run looks around for long.
	wait_until looked_around $(($(ledger 'SELECT noted_ms FROM runner') + 120000))
	[ "$(asked_count)" -eq "$before" ]
	why_is 'numbers are left'
	kill -0 "$holder"
	runner=$(ledger 'SELECT pid FROM runner')
	accepted() {
		kill -HUP "$runner" && asked $((before + 1))
	}
	wait_until accepted
	wait_until is_over "$holder"
	facts 'each_once()' 'complete()' 'len(calls()) == 60'
}

@test "a log that is read by nobody any more does not end a run" {
	start_sim --answer 100%
	{
		nida run night.yaml --verbose
		echo $? >code
	} 2>&1 | read -r _
	wait_until test -s code
	[ "$(cat code)" -eq 0 ]
	facts 'each_once()' 'complete()' 'len(calls()) == 6'
}

# ---- what nida starts ------------------------------------------------------------------------------

# hook SCRIPT: a campaign of one row with this on_finish.
hook() {
	printf '#!/bin/sh\n%s\n' "$1" >finish.sh
	chmod +x finish.sh
	list 1
	campaign night <<<'on_finish: [./finish.sh]'
	start_sim --answer 100%
}

@test "on_finish is told about also when whoever started nida ignores the end of children" {
	clock 60
	hook 'exit 7'
	run -0 env --ignore-signal=CHLD "$NIDA_BUILD/nida" run night.yaml
	[[ $output == *"on_finish: ./finish.sh ended with exit code 7."* ]]
	[[ $output != *"live reports could not be written"* ]]
}

@test "on_finish has its five minutes by the clock on the wall, however fast the run's goes" {
	clock 20000
	hook 'echo "$NIDA_ROWS" >finished'
	run -0 nida run night.yaml
	[ "$(cat finished)" = 1 ]
	[[ $output != *"was killed"* ]]
}
