#!/usr/bin/env bats
# nida run: a list is called to its end, once; what is sent; what may change and what may not.

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

@test "a list is called to its end; the same command again calls nobody" {
	start_sim --answer 100%
	run -0 --separate-stderr nida run night.yaml
	[[ $stderr == *"The run is finished."* ]]
	[ "${lines[0]}" = "report   $(echo reports/night/*/report.html)" ]
	[ "${lines[1]}" = "results  $(echo reports/night/*/results.csv)" ]
	facts 'each_once()' 'complete()' 'len(calls()) == 6' \
		'set(ends().values()) == {"completed"}'

	run -0 --separate-stderr nida run night.yaml
	[[ $stderr == *"is finished, and the list has not changed since. Nobody is called. To call everybody again: --new."* ]]
	facts 'len(calls()) == 6'
}

@test "what Hamsa is sent: numbers, agent, the params of the campaign, and no other column" {
	start_sim --answer 100%
	nida run night.yaml
	facts '[call.to for call in calls()] == [f"+9689001000{i}" for i in range(1, 7)]' \
		'{call.sender for call in calls()} == {"+96824000000"}' \
		'{call.agent for call in calls()} == {"d949f13f-40d2-4e48-ac86-b66633070603"}' \
		'{frozenset(call.params) for call in calls()} == {frozenset(("customerName", "accountBalance", "dueDate", "scenario", "language", "nidaRef"))}' \
		'{call.params["scenario"] for call in calls()} == {"reminder"}' \
		'[call.params["language"] for call in calls()] == ["ar", "en"] * 3' \
		'[calls()[0].params[n] for n in ("customerName", "accountBalance", "dueDate")] == ["سالم 1", "1.500", "1 ديسمبر 2026"]' \
		'[calls()[1].params[n] for n in ("customerName", "accountBalance", "dueDate")] == ["Salim, 2", "2.250", "2 December 2026"]' \
		'len({call.params["nidaRef"] for call in calls()}) == 6' \
		'all(len(call.params["nidaRef"]) == 32 for call in calls())'
}

@test "each language has its agent; without a number of ours Hamsa's own is used" {
	campaign night <<-EOF
		agent: {ar: 00000000-0000-0000-0000-00000000000a, en: 00000000-0000-0000-0000-00000000000e}
	EOF
	sed -i '/^from:/d' night.yaml
	start_sim --answer 100%
	nida run night.yaml
	facts 'each_once()' '{call.sender for call in calls()} == {None}' \
		'[call.agent[-1] for call in calls()] == ["a", "e"] * 3'
}

@test "results.csv: a line for each row in the list's order, the skipped ones with their reason" {
	cat >customers.csv <<-EOF
		account_no,mobile,customer_name,lang,balance,due_date,yes_no,note
		A1,90010001,Good One,en,1.000,2026-12-01,yes,"two
		lines, ""quoted"""
		A2,7005,Short Number,en,1.000,2026-12-01,yes,
		A3,90010003,No Balance,en,,2026-12-01,yes,
		A4,90010004,Bad Date,en,1.000,31/11/2026,yes,
		A5,+968 9001 0001,Same Number,en,1.000,2026-12-01,yes,
		A6,90010006,On The List,en,1.000,2026-12-01,yes,
		A7,90010007,No Consent,en,1.000,2026-12-01,no,
		A8,90010008,In The Register,en,1.000,2026-12-01,yes,
		A9,90010009,Bad Language,fr,1.000,2026-12-01,yes,
		,90010010,No Key,en,1.000,2026-12-01,yes,
		A11,90010011
		A12,٩٠٠١٠٠١٢,سالم بن خلفان,ar,"=1+1",2026-12-01,نعم,
		A13,90010013,Good Two,en,2.000,2026-12-01,1,=cmd()
	EOF
	printf 'phone\n90010006\n' >dnc.csv
	campaign night <<-EOF
		list: {file: customers.csv, phone: mobile, key: account_no, language: lang, country: OM, consent: yes_no}
		suppress: [dnc.csv]
	EOF
	start_sim --answer 100%
	nida suppress add +96890010008 --ledger nida.db
	nida run night.yaml
	facts 'complete()' 'len(results()) == 13' \
		'ends().items() >= {"A1": "completed", "A13": "completed"}.items()' \
		'[r["state"] for r in results()].count("skipped") == 11' \
		'numbers() == ["+96890010001", "+96890010013"]' \
		'row("A1")["note"] == "two\nlines, \"quoted\""' \
		'row("A13")["note"] == "'"'"'=cmd()"' \
		'row("A13")["mobile"] == "90010013"' \
		'row("A13")["phone_e164"] == "+968 9001 0013"'
	# The reasons are those that the ledger counts by.
	diff - <(ledger "SELECT key, why FROM contact WHERE state = 'skipped'") <<-EOF
		A2|invalid_phone
		A3|missing_value
		A4|bad_value
		A5|duplicate
		A6|suppressed
		A7|no_consent
		A8|suppressed
		A9|bad_value
		|missing_value
		A11|bad_value
		A12|bad_value
	EOF
	facts '"too few digits" in row("A2")["reason"]' \
		'"accountBalance" in row("A3")["reason"]' \
		'"31/11/2026" in row("A4")["reason"]' \
		'"row 1 has the same number" in row("A5")["reason"]' \
		'"dnc.csv" in row("A6")["reason"]' \
		'"holds '"'no'"'" in row("A7")["reason"]' \
		'"register" in row("A8")["reason"]' \
		'"ar or en" in row("A9")["reason"]' \
		'"own key" in row("")["reason"]' \
		'"2 cells" in row("A11")["reason"]' \
		'"accountBalance" in row("A12")["reason"]'
}

# is_quiet FILE: it has stayed as it is for three seconds of the machine's time, by what no program can set.
is_quiet() {
	[ $(($(date +%s%3N) - $(stat -c %.3Z "$1" | tr -d .))) -gt 3000 ]
}

@test "a list that nobody has touched is not read again, and any edit is noticed" {
	command -v strace >/dev/null || skip "strace is not installed"
	start_sim --answer 100%
	run -3 nida run night.yaml --limit 1
	wait_until is_quiet customers.csv
	run -3 nida run night.yaml --limit 1
	# LeakSanitizer cannot work under ptrace.
	ASAN_OPTIONS=detect_leaks=0 strace -f -o trace -e trace=openat "$NIDA_BUILD/nida" run night.yaml --limit 1 || [ $? -eq 3 ]
	grep -q 'night.yaml' trace
	run ! grep -q 'customers.csv' trace
	# Its size and its time stay, and still it is not believed.
	touch -r customers.csv then
	sed -i 's/1\.500/9.500/' customers.csv
	touch -r then customers.csv
	run -2 nida run night.yaml
	[[ $output == *"  the list customers.csv has other content"* ]]
	# The same bytes in another file are the same list.
	sed 's/9\.500/1.500/' customers.csv >copy.csv
	mv copy.csv customers.csv
	run -3 nida run night.yaml --limit 1
}

@test "an unfinished run refuses a changed list, and says so" {
	start_sim --answer 100%
	run -3 nida run night.yaml --limit 2
	[[ $output == *"--limit 2 is reached."* ]]
	sed -i 's/1\.500/9.500/' customers.csv
	run -2 nida run night.yaml
	[[ $output == *"is not finished, and this is not the same any more:"* ]]
	[[ $output == *"  the list customers.csv has other content"* ]]
	[[ $output == *"--new"* ]]
	facts 'len(calls()) == 2'
	list 6
	nida run night.yaml
	facts 'each_once()' 'complete()'
}

@test "an unfinished run refuses changed params, agent, number and columns, with what they were" {
	start_sim --answer 100%
	run -3 nida run night.yaml --limit 2
	sed -i 's/"{{balance}}"/"{{balance}}0"/' night.yaml
	run -2 nida run night.yaml
	[[ $output == *"  params.accountBalance was {{balance}}, is {{balance}}0"* ]]
	campaign night <<<'from: +96824999999'
	run -2 nida run night.yaml
	[[ $output == *"  from was +96824000000, is +96824999999"* ]]
	campaign night <<<'agent: 00000000-0000-0000-0000-000000000000'
	run -2 nida run night.yaml
	[[ $output == *"  agent.en was d949f13f-40d2-4e48-ac86-b66633070603, is 00000000-0000-0000-0000-000000000000"* ]]
	campaign night <<<'list: {file: customers.csv, phone: mobile, key: mobile, language: lang, country: OM}'
	run -2 nida run night.yaml
	[[ $output == *"  list.key was account_no, is mobile"* ]]
	facts 'len(calls()) == 2'
}

@test "pace, hours and waits may change in the middle of a run" {
	start_sim --answer 100%
	run -3 nida run night.yaml --limit 2
	campaign night <<-EOF
		pace: {calls_per_minute: 300, live: 3}
		retry: {attempts: 2, on: {no_answer: [10m]}}
		poll: 1s
	EOF
	nida run night.yaml
	facts 'each_once()' 'complete()'
}

@test "a new list after a finished run just starts" {
	start_sim --answer 100%
	nida run night.yaml
	list 4 7
	nida run night.yaml
	facts 'len(calls()) == 10' 'complete()' 'len(results()) == 4' \
		'len(set(numbers())) == 10' 'len(glob.glob("reports/night/*/results.csv")) == 2'
}

@test "--new calls everybody again; an unfinished run before it is cancelled" {
	start_sim --answer 100%
	run -3 nida run night.yaml --limit 2
	nida run night.yaml --new
	facts 'len(calls()) == 8' 'complete()' 'len(of("+96890010001")) == 2'
	diff - <(ledger "SELECT state, count(*) FROM run GROUP BY state") <<-EOF
		cancelled|1
		finished|1
	EOF
	[ "$(ledger "SELECT count(*) FROM contact WHERE why = 'cancelled'")" -eq 4 ]
}

@test "--new and --continue contradict each other: exit 2, and nothing is begun" {
	start_sim
	list 3
	campaign night </dev/null
	run -2 nida run night.yaml --yes --new --continue
	[[ $output == *"--new calls everybody again, --continue goes on with the unfinished run; give one of them."* ]]
	[ ! -e nida.db ]
}

@test "--limit places so many calls and no more, each time" {
	start_sim --answer 100%
	run -3 nida run night.yaml --limit 2
	facts 'numbers() == ["+96890010001", "+96890010002"]'
	run -3 nida run night.yaml --limit 3
	facts 'len(calls()) == 5'
	run nida run night.yaml --limit 3
	facts 'each_once()' 'len(calls()) == 6'
	run -2 nida run night.yaml --limit none
	[[ $output == *"--limit is 'none'; expected a whole number above 0."* ]]
}

@test "--only calls one row alone" {
	start_sim --answer 100%
	run -3 nida run night.yaml --only A4
	facts 'numbers() == ["+96890010004"]'
	run -3 nida run night.yaml --only A4
	facts 'len(calls()) == 1'
	nida run night.yaml
	facts 'each_once()' 'complete()'
}

@test "runs of two ledgers that begin in the same minute have a folder each" {
	local i
	clock 1 2026-11-22T10:00:01+04:00
	list 2
	campaign night <<<'hours: {timezone: Asia/Muscat, open: {daily: ["09:00-12:00"]}, until: "2026-11-22 12:00"}'
	start_sim --answer 100% --ring 0s-0s --talk 1s-1s
	for i in 1 2 3; do
		nida run night.yaml --ledger "$i.db" >"out.$i" 2>&1 3>&- &
		started+=("$!")
	done
	for i in 1 2 3; do
		wait_until is_over "${started[$i]}"
	done
	local first
	first=$(cd reports/night && ls | head -n 1)
	[ "$(ls reports/night)" = "$(printf '%s\n' "$first" "$first-2" "$first-3")" ]
	for i in 1 2 3; do
		local name
		name=$(sqlite3 "$i.db" "SELECT name FROM run")
		grep -q "reports/night/$name/results.csv" "out.$i"
		[ "$(grep -c ',"done",' "reports/night/$name/results.csv")" -eq 2 ]
	done
}

@test "a run that is not begun leaves no folder" {
	take_port
	still_clock
	list 2
	campaign night </dev/null
	HAMSA_BASE_URL=$closed run -2 nida run night.yaml --only nobody
	[ -z "$(ls reports)" ]
	sed -i 2,9d customers.csv
	HAMSA_BASE_URL=$closed run -2 nida run night.yaml
	[ -z "$(ls reports)" ]
	# Before anybody is called, not when the calls are over.
	list 2
	rmdir reports
	: >reports
	HAMSA_BASE_URL=$closed run -1 nida run night.yaml
	[[ $output == *"reports/night"*"cannot be made: "* ]]
	[ "$(ledger "SELECT count(*) FROM run")" -eq 0 ]
}

@test "on a terminal the plan is shown, within 80 columns, before anybody is called; no means no" {
	take_port
	still_clock
	list 40
	sed -i 's/,900\(10002\|10004\),/,12,/; s/^A6,.*/A6,90010007,Same Number,en,1,2026-12-01/' customers.csv
	campaign night <<-EOF
		pace: {calls_per_minute: 6, live: 10}
		hours: {timezone: Asia/Muscat, open: {sun-thu: ["09:00-10:03", "16:00-20:00"]}, until: "2026-12-31 20:00"}
		guard: {budget: 25.000}
	EOF
	HAMSA_BASE_URL=$closed TERM=xterm run -3 "$PYTHON" -IS "$TESTS/support/on_terminal.py" \
		'[y/N]' 'type:n\n' "$NIDA_BUILD/nida" run night.yaml
	tr -d '\r' <<<"$output" >screen
	diff - <(grep -v "^20\|is in the ledger\|are in the ledger" screen) <<-EOF
		rows       40 = 37 pending + 3 skipped
		skipped     2 invalid_phone The phone number cannot be called.
		skipped     1 duplicate     Another row of the list has this number or this key.
		pace       at most 6 calls a minute, 10 live at once
		hours      open now, until Sun 22 Nov 10:03 (Asia/Muscat)
		           then Sun 22 Nov 16:00-20:00
		                Mon 23 Nov 09:00-10:03
		                Mon 23 Nov 16:00-20:00
		           nothing is dialled after Thu 31 Dec 20:00
		forecast   first calls over by about Sun 22 Nov 16:04, retries apart
		cost       about 1.912 if everybody is called; the budget is 25.000
		Place calls to 37 customers now? [y/N] n
		Nothing was dialled.
	EOF
	[ -z "$(awk 'length > 80' <(grep -v "^20" screen))" ]
	# As if it had never been asked for.
	[ "$(ledger "SELECT count(*) FROM run")" -eq 0 ]
}

@test "--dry-run prints every request as JSON and sends none" {
	start_sim --answer 100%
	echo 'A7,123,Short,en,1,2026-12-01' >>customers.csv
	HAMSA_API_KEY='' nida run night.yaml --dry-run >requests
	facts 'len([json.loads(line) for line in open("requests")]) == 6' \
		'[json.loads(line)["toNumber"] for line in open("requests")] == [f"+9689001000{i}" for i in range(1, 7)]' \
		'json.loads(open("requests").readline())["params"]["accountBalance"] == "1.500"' \
		'calls() == []'
	[ ! -e nida.db ]
	[ ! -e reports ]
}

@test "without a key nothing is begun" {
	start_sim
	unset HAMSA_API_KEY
	run -2 nida run night.yaml
	[[ $output == *"HAMSA_API_KEY is not set."* ]]
	facts 'calls() == []'
}

@test "a false clock is for this machine only; so is plain http" {
	HAMSA_BASE_URL=https://api.tryhamsa.com/v1 run -2 nida run night.yaml
	[[ $output == *"A false clock would call real people at the wrong hour"* ]]
	unset NIDA_CLOCK
	HAMSA_BASE_URL=http://hamsa.example/v1 run -2 nida run night.yaml
	[[ $output == *"plain http is for this machine only"* ]]
}

@test "the key is nowhere: not in what is printed, the ledger or the reports" {
	start_sim --answer 100% --key s3cret-key
	HAMSA_API_KEY=s3cret-key nida run night.yaml --verbose >out 2>err
	facts 'each_once()'
	run -1 grep -rl s3cret-key out err nida.db* reports
}

@test "phones are masked in the log" {
	start_sim --answer 100% --fault bad-row=100%
	nida run night.yaml --verbose >out 2>err
	grep -q 'Hamsa refuses +96890••••01' err
	run -1 grep -E '9001000[1-6]' err
}

@test "the ledger is private" {
	start_sim --answer 100%
	nida run night.yaml
	[ "$(stat -c %a nida.db)" = 600 ]
}

@test "--log json: every line of the log is an object" {
	start_sim --answer 100% --fault bad-row=50%
	nida run night.yaml --log json --verbose 2>err
	grep '^{' err >log.json
	facts '[json.loads(line) for line in open("log.json")] != []' \
		'all("level" in json.loads(line) for line in open("log.json"))'
}

@test "on_finish is started with the totals, and without the key" {
	cat >notify.sh <<-'EOF'
		#!/bin/sh
		env | grep -E '^(NIDA_(CAMPAIGN|EXIT|ROWS|DONE|SKIPPED|CALLS|ANSWERED)|HAMSA_API_KEY)=' |
			sort >"$1"
	EOF
	chmod +x notify.sh
	echo 'A7,123,Short,en,1,2026-12-01' >>customers.csv
	clock 60
	campaign night <<<'on_finish: ["./notify.sh", totals]'
	start_sim --answer 100%
	nida run night.yaml
	diff - totals <<-EOF
		NIDA_ANSWERED=6
		NIDA_CALLS=6
		NIDA_CAMPAIGN=night
		NIDA_DONE=6
		NIDA_EXIT=0
		NIDA_ROWS=7
		NIDA_SKIPPED=1
	EOF
}

@test "--continue goes on with a changed list: nobody again, new rows too, lost ones say so" {
	clock 60
	list 6
	campaign night
	start_sim --answer 100%
	nida run night.yaml --limit 3 || [ $? -eq 3 ]
	facts 'len(made()) == 3'
	list 5 2 # A2 to A6
	echo 'A7,+96890010007,Nasra,en,1.250,2026-12-01' >>customers.csv
	run -2 nida run night.yaml
	[[ $output == *"--continue"* ]]
	nida run night.yaml --continue
	facts 'len(set(numbers())) == len(made())' \
		'twice_at_once() == []'
	# A1 was called before it went off the list; A2 to A7 are done as well.
	facts 'keys(results()) == ["A1", "A2", "A3", "A4", "A5", "A6", "A7"]' \
		'{r["state"] for r in results()} == {"done"}'
	run -0 nida run night.yaml
	[[ $output == *"is finished"* ]]
}

@test "what a param takes from the environment is sent, and neither kept nor printed; its change is seen" {
	clock 600
	list 3
	export TOKEN=tops3cret-one
	campaign night <<-'EOF'
		params: {customerName: "{{customer_name}}", accountBalance: "{{balance}}", dueDate: "{{due_date}}", token: "Bearer ${TOKEN}"}
	EOF
	start_sim --answer 100%
	run -0 nida run night.yaml --dry-run
	[[ $output != *tops3cret* ]]
	[[ $output == *'"token":"(hidden)"'* ]]
	run -3 nida run night.yaml --limit 1
	[[ $output != *tops3cret* ]]
	facts '{c.params["token"] for c in calls()} == {"Bearer tops3cret-one"}'
	[ "$(ledger "SELECT count(*) FROM run WHERE settings LIKE '%tops3cret%'")" -eq 0 ]
	[ "$(ledger "SELECT count(*) FROM attempt WHERE request LIKE '%tops3cret%'")" -eq 0 ]
	[ "$(ledger "SELECT count(*) FROM attempt WHERE request LIKE '%(hidden)%'")" -eq 1 ]
	# The same value goes on; another one is another rule, and is not told.
	run -3 nida run night.yaml --limit 1
	TOKEN=tops3cret-two run -2 nida run night.yaml
	[[ $output == *"params.token was (from the environment, checksum "*"), is (from the environment, checksum "* ]]
	[[ $output != *tops3cret* ]]
	nida run night.yaml
	facts 'each_once()' 'complete()'
}

@test "a secret that cannot be sent is not told in the reason" {
	still_clock
	list 2
	sed -i 's/^variables:/variables:\n  token: {type: text, max: 5}/' scenario.yaml
	campaign night <<-'EOF'
		params: {customerName: "{{customer_name}}", accountBalance: "{{balance}}", dueDate: "{{due_date}}", token: "${TOKEN}"}
	EOF
	TOKEN=tops3cret-one run -0 nida check night.yaml
	[[ $output == *"Parameter token: '…' is too long"* ]]
	[[ $output != *tops3cret* ]]
	run -1 grep -r tops3cret .
}

@test "--continue: a row that is no longer on the list, and not yet called, is skipped and says so" {
	clock 60
	list 4
	campaign night <<<'retry: {attempts: 2, on: {no_answer: [2h]}}'
	start_sim --no-answer 100%
	start_run night.yaml
	wait_until counts "why = 'no_answer'" 4
	kill -9 "$runner"
	wait "$runner" || true
	list 3 2
	start_run night.yaml --continue
	wait_until counts "why = 'cancelled' AND detail = 'no longer on the list'" 1
	[ "$(ledger "SELECT key FROM contact WHERE why = 'cancelled'")" = A1 ]
}

@test "--continue: with other columns it is another run" {
	clock 60
	list 3
	campaign night
	start_sim --answer 100%
	nida run night.yaml --limit 1 || [ $? -eq 3 ]
	sed -i 's/$/,x/' customers.csv
	run -2 nida run night.yaml --continue
	[[ $output == *"the columns of the list are not those that the run began with"* ]]
	facts 'len(made()) == 1'
}

@test "a ledger that would not stay is refused: everybody would be called again" {
	list 2
	campaign night
	start_sim
	run -2 nida run night.yaml --ledger ""
	[[ $output == *"expected the path of a file that stays"* ]]
	run -2 nida run night.yaml --ledger :memory:
	[ ! -s record ]
}

@test "--continue with another list.key is refused once somebody was called" {
	clock 600
	list 4
	start_sim --answer 100%
	campaign night <<<'list: {file: customers.csv, phone: mobile, key: account_no, country: OM, duplicates: all}'
	run -3 nida run night.yaml --limit 2
	campaign night <<<'list: {file: customers.csv, phone: mobile, key: mobile, country: OM, duplicates: all}'
	run -2 nida run night.yaml --continue
	[[ $output == *"list.key was 'account_no' and is 'mobile', but run "*" has made calls"* ]]
	facts 'len(intents()) == 2'
	campaign night <<<'list: {file: customers.csv, phone: mobile, key: account_no, country: OM, duplicates: all}'
	nida run night.yaml
	facts 'complete()' 'len(intents()) == 4'
}
