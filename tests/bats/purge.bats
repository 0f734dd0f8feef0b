#!/usr/bin/env bats
# nida purge: personal data go for good, the counts stay.

load helper

setup() {
	begin_test
}

teardown() {
	end_test
}

# A list of three people whose names, keys and numbers cannot be overlooked.
marked_list() {
	cat >customers.csv <<-'EOF2'
		account_no,mobile,customer_name,lang,balance,due_date
		KEYMARK-1,+96890717171,Zamzamiyya One,en,10.500,2026-12-01
		KEYMARK-2,+96890727272,Zamzamiyya Two,ar,20.500,2026-12-01
		KEYMARK-3,not-a-number,Zamzamiyya Three,ar,30.500,2026-12-01
	EOF2
}

# marked_run [OPTION...]: a run of it that is over, with recordings; its log is in `err`, its name in $name.
marked_run() {
	[ $# -gt 0 ] || set -- --answer 100%
	clock 60
	start_sim "$@"
	campaign nightly <<-'EOF2'
		report: {dir: reports, recordings: download}
		retry: {attempts: 1}
	EOF2
	marked_list
	nida run nightly.yaml --yes --verbose >out 2>err
	nida status nightly.yaml --json >before.json
	name=$(run_name)
	rm customers.csv
	still_clock 2027-03-01T09:00:00+04:00
}

# traces TEXT...: files of the working directory that still have it, but for what the simulator and bats
# keep there.
traces() {
	local text
	for text in "$@"; do
		grep -rlaF --exclude=record --exclude=sim.log --exclude='separate-stderr*' -- "$text" . || true
	done
}

@test "of a run that is long over nothing personal is left, and every count stays" {
	marked_run
	[ -n "$(traces Zamzamiyya)" ]
	[ "$(find reports -name 'row-*.wav' | wc -l)" -eq 2 ]
	# Reports that name nobody keep what --keep left, and the ends of numbers.
	nida report nightly.yaml --mask --keep balance
	[ -e "reports/nightly/$name-masked/report.html" ]
	run --separate-stderr nida purge --older-than 90d --yes
	[ "$status" -eq 0 ]
	[[ "$output" == *"personal data of 3 rows, and 12 files"* ]]
	[ -z "$(traces Zamzamiyya KEYMARK 71717 72727)" ]
	[ ! -e "reports/nightly/$name" ]
	[ ! -e "reports/nightly/$name-masked" ]
	# As it was counted, so it is counted.
	nida status nightly.yaml --json >after.json
	jq -e --slurpfile before before.json '.purged and (. as $after
		| all(["rows", "states", "outcomes", "skipped", "calls", "answered", "cost"][];
			. as $key | $after[$key] == $before[0][$key]))' after.json
	run nida status nightly.yaml
	[[ "$output" == *"its personal data were removed Mon 1 Mar 09:00"* ]]
	run nida events nightly.yaml
	[ "$status" -eq 0 ]
	[[ "$output" == *"run.purged"*"personal data of 3 rows removed by $(id -un)"* ]]
	[ "$(ledger 'PRAGMA integrity_check')" = ok ]
	# Nothing is left to do.
	run nida purge --older-than 90d --yes
	[ "$status" -eq 0 ]
	[ "$output" = "No run has been over for 90d and still has personal data." ]
}

@test "reports of a purged run are counts and times, and say so" {
	marked_run
	nida purge --older-than 90d --yes
	marked_list
	run --separate-stderr nida report nightly.yaml
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"personal data of this run were removed"* ]]
	cd reports/nightly/*/
	[ -z "$(traces Zamzamiyya KEYMARK 71717)" ]
	[ "$(wc -l <results.csv)" -eq 4 ]
	jq -es '.[0] | .key == "(removed 1)" and .phone == "" and .attempts[0].talk_ms > 0' results.jsonl
	[ "$(wc -l <follow-up.csv)" -eq 1 ]
	jq -e '.rows == 3 and .calls == 2' summary.json
	grep -q '"purged":18' report.html
}

@test "rows without a customer are no list to call again" {
	marked_run --no-answer 100%
	[ "$(wc -l <"reports/nightly/$name/follow-up.csv")" -eq 3 ]
	nida purge --older-than 90d --yes
	marked_list
	nida report nightly.yaml
	[ "$(wc -l <"reports/nightly/$name/follow-up.csv")" -eq 1 ]
}

@test "a purged run calls nobody again, and settles nothing" {
	marked_run
	asked=$(asked_count)
	nida purge --older-than 90d --yes
	marked_list
	run nida run nightly.yaml --yes
	[ "$status" -eq 0 ]
	[[ "$output" == *"is finished"* ]]
	[ ! -e "reports/nightly/$name" ]
	[ "$(asked_count)" -eq "$asked" ]
	run nida settle nightly.yaml
	[ "$status" -eq 2 ]
	[[ "$output" == *"were removed"* ]]
}

@test "--dry-run shows what would go and changes nothing" {
	marked_run
	sum=$(find . -path ./reports -prune -o -name 'nida.db' -exec sha256sum {} +)
	run --separate-stderr nida purge --older-than 90d --dry-run
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "nightly $name: 3 rows, 2 calls, 2 recordings" ]
	[ "${lines[1]}" = "  reports: reports/nightly/$name" ]
	[ "${lines[2]}" = "Nothing was removed." ]
	[ "$(find . -path ./reports -prune -o -name 'nida.db' -exec sha256sum {} +)" = "$sum" ]
	[ -e "reports/nightly/$name/results.csv" ]
	nida purge --older-than 90d --dry-run --json | jq -e --arg name "$name" '.run == $name
		and .rows == 3 and .calls == 2 and .recordings == 2 and .reports == 6'
	nida purge --person +96890717171 --yes --json | jq -es '.[0].key == "KEYMARK-1"
		and .[1] == {removed: true, rows: 1, files: 1}'
}

@test "without a person to ask and without --yes nothing is removed" {
	marked_run
	run nida purge --older-than 90d </dev/null
	[ "$status" -eq 2 ]
	[[ "$output" == *"say --yes"*"Nothing was removed."* ]]
	[ -n "$(traces Zamzamiyya)" ]
}

@test "younger runs, open runs and other campaigns are left alone" {
	marked_run
	still_clock 2026-12-20T09:00:00+04:00
	run nida purge --older-than 90d --yes
	[[ "$output" == *"No run has been over for 90d"* ]]
	run nida purge --older-than 6d --yes
	[ "$status" -eq 2 ]
	[[ "$output" == *"expected 7d or more"* ]]
	still_clock 2027-03-01T09:00:00+04:00
	sed 's/^campaign: .*/campaign: other/' nightly.yaml >other.yaml
	marked_list
	run nida purge --older-than 90d --yes other.yaml
	[[ "$output" == *"No run has been over for 90d"* ]]
	nida purge --older-than 90d --yes nightly.yaml
	[ "$(ledger "SELECT count(*) FROM contact WHERE cells <> '[]'")" -eq 0 ]
}

@test "files that nida did not write stay, and are named" {
	marked_run
	echo mine >"reports/nightly/$name/notes.txt"
	run --separate-stderr nida purge --older-than 90d --yes
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"holds files that nida has not written"* ]]
	[ "$(find reports -type f)" = "reports/nightly/$name/notes.txt" ]
}

@test "reports that were moved away are spoken of" {
	marked_run
	mv reports elsewhere
	run --separate-stderr nida purge --older-than 90d --yes
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"If they were moved"* ]]
}

@test "from another folder the same reports are found" {
	marked_run
	mkdir away
	cd away
	nida purge --older-than 90d --yes --ledger ../nida.db
	cd ..
	[ -z "$(traces Zamzamiyya KEYMARK 71717)" ]
}

@test "a file that cannot be removed stops it before the ledger forgets" {
	marked_run
	rm "reports/nightly/$name/results.csv"
	mkdir "reports/nightly/$name/results.csv"
	run nida purge --older-than 90d --yes
	[ "$status" -eq 1 ]
	[[ "$output" == *"cannot be removed"* ]]
	[ "$(ledger 'SELECT count(*) FROM purge')" -eq 0 ]
	rmdir "reports/nightly/$name/results.csv"
	nida purge --older-than 90d --yes
	[ -z "$(traces Zamzamiyya)" ]
}

@test "one person: gone from every run, the others stay, the reports are written anew" {
	marked_run
	still_clock 2026-11-23T09:00:00+04:00
	run --separate-stderr nida purge --person 0096890717171 --yes
	[ "$status" -eq 0 ]
	[[ "$output" == *"nightly $name: row KEYMARK-1, 1 recording"* ]]
	[[ "$stderr" == *"nida suppress add +96890717171"* ]]
	[ -z "$(traces 'Zamzamiyya One' KEYMARK-1 90717171)" ]
	cd reports/nightly/*/
	grep -q 'Zamzamiyya Two' results.csv
	grep -q 'Zamzamiyya Two' report.html
	[ "$(wc -l <results.jsonl)" -eq 3 ]
	[ "$(find recordings -type f)" = recordings/row-000002-1.wav ]
	run nida purge --person +96890717171 --yes --ledger ../../../nida.db
	[ "$status" -eq 0 ]
	[ "$output" = "No row of this ledger has the number +96890717171." ]
}

@test "the do-not-call register outlives the data" {
	marked_run
	nida suppress add +96890717171 --reason 'asked by mail'
	run --separate-stderr nida purge --person +96890717171 --yes
	[[ "$stderr" == *"stays in the do-not-call register"* ]]
	run nida suppress list
	[[ "$output" == *"+96890717171"* ]]
}

@test "a person who is still to be called must be suppressed first" {
	clock 60
	start_sim --answer 100%
	campaign nightly <<<'retry: {attempts: 1}'
	marked_list
	run nida run nightly.yaml --yes --only KEYMARK-2
	still_clock 2026-11-23T09:00:00+04:00
	run nida purge --person +96890717171 --yes
	[ "$status" -eq 2 ]
	[[ "$output" == *"still to be called"*"nida suppress add +96890717171"* ]]
	# Who was called in a run that goes on might come back with a list.
	run nida purge --person +96890727272 --yes
	[ "$status" -eq 2 ]
	[[ "$output" == *"could bring the person back"* ]]
	nida suppress add +96890727272
	nida purge --person +96890727272 --yes
	[ -z "$(traces 'Zamzamiyya Two' | grep -v customers.csv)" ]
	[ "$(ledger "SELECT count(*) FROM contact WHERE state = 'pending'")" -eq 1 ]
}

@test "not while the campaign runs" {
	clock 1
	start_sim --ring 1h
	campaign nightly <<<''
	list 2
	start_run nightly.yaml --yes
	wait_until asked 1
	run nida purge --person +96890010001 --yes
	[ "$status" -eq 5 ]
	[[ "$output" == *"already runs campaign nightly"* ]]
	[ "$(ledger 'SELECT count(*) FROM purge')" -eq 0 ]
}

@test "what is to be removed has to be said" {
	run nida purge
	[ "$status" -eq 2 ]
	[[ "$output" == *"either --older-than AGE or --person NUMBER"* ]]
	run nida purge --person 12
	[ "$status" -eq 2 ]
	run nida purge --person +96890717171 nightly.yaml
	[ "$status" -eq 2 ]
	[[ "$output" == *"every campaign of a ledger"* ]]
	run nida purge --older-than 90d
	[ "$status" -eq 2 ]
	[[ "$output" == *"there is no ledger here"* ]]
	[ ! -e nida.db ]
}

# cancelled_half [OPTION...]: a run that was cancelled a long time ago, by a process that was killed
# before it could follow the two calls; its name is in $name, options are the simulator's.
cancelled_half() {
	clock 60
	start_sim --answer 100% --ring 2s-2s --talk 50m-50m "$@"
	campaign nightly <<<'in_doubt: {settle: 30s, then: hold}'
	marked_list
	start_run nightly.yaml --yes
	wait_until counts "state IN ('live', 'in_doubt')" 2
	kill -9 "$runner"
	wait "$runner" || true
	name=$(run_name)
	sqlite3 nida.db "UPDATE run SET state = 'cancelled', finished_ms = created_ms"
	still_clock 2027-03-01T09:00:00+04:00
}

@test "a cancelled run whose calls are still live is left alone until they are followed" {
	cancelled_half
	local option
	for option in --dry-run --yes; do
		run -0 nida purge --older-than 90d "$option"
		[[ $output == "nightly $name is left alone: 2 of its calls are not over. First: nida cancel CAMPAIGN --run $name"* ]]
	done
	run -2 nida purge --person +96890717171 --yes
	[[ $output == *"Row KEYMARK-1 of run $name of campaign nightly is live, although"*"nida cancel CAMPAIGN --run $name"* ]]
	[ "$(ledger 'SELECT count(*) FROM purge')" -eq 0 ]
	[ "$(ledger "SELECT count(*) FROM attempt WHERE phone LIKE '+968907%'")" -eq 2 ]
	# The advice can be followed, also when a newer run has come.
	sed -i 's/90717171/90757575/' customers.csv
	clock 60 2027-03-01T09:00:00+04:00
	run -6 nida run nightly.yaml --yes
	[ "$(ledger "SELECT why FROM contact WHERE run_id = 2 AND key = 'KEYMARK-2'")" = unsettled ]
	run -0 nida cancel nightly.yaml --run "$name"
	[ "$(ledger 'SELECT count(*) FROM attempt WHERE state <> "closed"')" -eq 0 ]
	still_clock 2027-06-09T09:00:00+04:00
	nida purge --older-than 90d --yes
	[ -z "$(traces Zamzamiyya KEYMARK 71717 72727 | grep -v customers.csv)" ]
}

@test "a run with calls in doubt is left alone until a person has decided" {
	cancelled_half --fault lost-request=100%
	run -0 nida purge --older-than 90d --yes
	[[ $output == *"left alone: 2 of its calls are in doubt. First: nida settle CAMPAIGN --run $name"* ]]
	[ "$(ledger 'SELECT count(*) FROM purge')" -eq 0 ]
	nida settle nightly.yaml KEYMARK-1 --called --run "$name"
	run -0 nida purge --older-than 90d --yes
	[[ $output == *"left alone: 1 of its calls is in doubt."* ]]
	nida settle nightly.yaml KEYMARK-2 --called --run "$name"
	run -0 nida purge --older-than 90d --yes
	[[ $output == *"personal data of 3 rows"* ]]
	[ "$(ledger 'SELECT count(*) FROM purge')" -eq 1 ]
}

@test "on a terminal it asks; Ctrl-C and other words are a no" {
	marked_run
	local action
	for action in 'type:\x03' 'type:\x04' 'type:n\n' 'type:\n'; do
		run -3 on_terminal 'of 1 run for good? [y/N]' "$action" purge --older-than 90d
		[[ $output == *"Nothing was removed."* ]]
		[ -n "$(traces Zamzamiyya)" ]
	done
	run -0 on_terminal 'of 1 run for good? [y/N]' 'type:Y\n' purge --older-than 90d
	[ -z "$(traces Zamzamiyya | grep -v customers.csv)" ]
}

# purge on a terminal, whose question waits for answer_yes.
ask_and_wait() {
	on_terminal 'for good? [y/N]' type-file:keys purge --older-than 90d >asked 2>&1 3>&- &
	purge=$!
	started+=("$purge")
	wait_until grep -qF 'for good? [y/N]' asked
}

answer_yes() {
	echo y >keys.new
	mv keys.new keys
	wait_until is_over "$purge"
}

@test "while the question stands the campaign can be run" {
	marked_run
	marked_list
	ask_and_wait
	clock 60 2027-03-01T09:00:00+04:00
	run -0 nida run nightly.yaml --yes --new
	still_clock 2027-03-01T09:00:00+04:00
	answer_yes
	wait "$purge"
	[ "$(ledger 'SELECT group_concat(run_id) FROM purge')" = 1 ]
	[ "$(ledger "SELECT count(*) FROM contact WHERE run_id = 2 AND key LIKE 'KEYMARK%'")" -eq 3 ]
}

@test "what has changed while the question stood is looked at again" {
	marked_run
	ask_and_wait
	nida purge --person +96890717171 --yes
	nida purge --older-than 90d --yes
	answer_yes
	run -1 wait "$purge"
	grep -q 'has changed while the question stood' asked
	[ "$(ledger 'SELECT count(*) FROM purge WHERE contact_id = 0')" -eq 1 ]
}
