#!/usr/bin/env bats
# nida check: what a good campaign is told, and that everything bad is named with its place.

load helper

setup() {
	begin_test
	still_clock
	list 3
}

teardown() {
	end_test
}

# refused TEXT: check ends with 2 and says exactly this, and how many errors there are.
refused() {
	local count=${2:-1}
	run -2 --separate-stderr nida check night.yaml
	local last="nida: $count errors to mend first. Nothing was dialled."
	[ "$count" -gt 1 ] || last="nida: 1 error to mend first. Nothing was dialled."
	diff <(echo "$1") <(grep -v ': warning: ' <<<"$stderr" | sed '$d')
	[ "${stderr_lines[-1]}" = "$last" ]
	[ -z "$output" ]
}

# refused_list TEXT: the same for what is found in the list or a suppression file.
refused_list() {
	run -2 --separate-stderr nida check night.yaml
	[ "$stderr" = "nida: $1" ]
	[ -z "$output" ]
}

@test "a good campaign: exactly what a run would do" {
	cat >customers.csv <<-EOF
		account_no;mobile;customer_name;lang;balance;due_date
		A1;90010001;سالم بن خلفان;ar;12.500;2026-12-01
		A2;+968 9001 0002;Priya Menon;en;9;02/12/2026
		A3;7005662;Short Number;en;9;2026-12-01
		A4;90010004;No Balance;en;;2026-12-01
		A5;90010001;Same Number;en;3;2026-12-01
	EOF
	campaign night <<-EOF
		pace: {calls_per_minute: 30, live: 10}
		hours: {timezone: Asia/Muscat, open: {sun-thu: ["09:00-13:00"]}}
	EOF
	run -0 --separate-stderr nida check night.yaml
	diff - <(echo "$output") <<-EOF
		campaign   night (night.yaml)
		scenario   reminder (scenario.yaml)
		list       customers.csv: 6 columns, semicolon, UTF-8
		rows       5: 2 can be called, 3 are skipped
		  customers.csv:4: row 3, key A3: invalid_phone: Column 'mobile' holds '7005662'. The number has too few digits; expected a whole number such as +96891234567.
		  customers.csv:5: row 4, key A4: missing_value: Column 'balance' (parameter accountBalance) is empty; expected a value.
		  customers.csv:6: row 5, key A5: duplicate: row 1 has the same number
		rejects    reports/night/check/rejects.csv
		pace       at most 30 calls a minute, 10 live at once
		hours      open now, until Sun 22 Nov 13:00 (Asia/Muscat)
		           then Mon 23 Nov 09:00-13:00
		                Tue 24 Nov 09:00-13:00
		                Wed 25 Nov 09:00-13:00
		forecast   first calls over by about Sun 22 Nov 10:00, retries apart
		cost       about 0.103 if everybody is called
		All is well. Nothing was dialled.
	EOF
	[ -z "$stderr" ]
}

# hours_of LINES: what check says of the hours.
hours_of() {
	campaign night <<<"$1"
	run -0 nida check night.yaml
	sed -n '/^hours/,/^forecast/p' <<<"$output" | sed '$d'
}

@test "the next openings, in every shape they can have" {
	diff - <(hours_of 'hours: {timezone: Asia/Muscat, open: {sun: ["09:00-10:00"], fri: ["20:00-02:00"]}, until: "2026-12-12 12:00"}') <<-EOF
		hours      closed now (Asia/Muscat)
		           next Fri 27 Nov 20:00 - Sat 28 Nov 02:00
		                Sun 29 Nov 09:00-10:00
		                Fri 4 Dec 20:00 - Sat 5 Dec 02:00
		           nothing is dialled after Sat 12 Dec 12:00
	EOF
	diff - <(hours_of 'hours: {timezone: Asia/Muscat, open: {sun: ["09:00-13:00", "16:00-20:00"]}, until: "2026-11-23 12:00"}') <<-EOF
		hours      open now, until Sun 22 Nov 13:00 (Asia/Muscat)
		           then Sun 22 Nov 16:00-20:00
		           they never open again
		           nothing is dialled after Mon 23 Nov 12:00
	EOF
	diff - <(hours_of 'hours: {timezone: Asia/Muscat, open: {daily: ["00:00-24:00"]}}') <<-EOF
		hours      open at any time of day and night
	EOF
	diff - <(hours_of 'hours: {timezone: Asia/Muscat, open: {daily: ["11:00-12:00"]}, until: "2026-11-22 10:00"}') <<-EOF
		hours      closed now (Asia/Muscat)
		           they never open again
		           nothing is dialled after Sun 22 Nov 10:00
	EOF
	list 2
	sed -i 's/$/,Europe\/London/; 1s/,Europe.London/,tz/' customers.csv
	diff - <(hours_of 'list: {file: customers.csv, phone: mobile, key: account_no, country: OM, timezone: tz}
hours: {timezone: Asia/Muscat, open: {daily: ["09:00-13:00"]}, except: {2026-11-23: closed, 2026-11-24: ["10:00-11:00"]}}') <<-EOF
		hours      open now, until Sun 22 Nov 13:00 (Asia/Muscat)
		           then Tue 24 Nov 10:00-11:00
		                Wed 25 Nov 09:00-13:00
		                Thu 26 Nov 09:00-13:00
		           by each customer's own clock (column tz)
	EOF
}

@test "a column that looks like a forgotten parameter, and a parameter the scenario does not know" {
	sed -i 's/^variables:/variables:\n  homeCity: {type: text}\n  planName: {type: text}/' scenario.yaml
	sed -i 's/$/,Muscat,x/; 1s/,Muscat,x/,home_city,branch/' customers.csv
	campaign night <<-'EOF'
		params: {customerName: "{{customer_name}}", accountBalance: "{{balance}}", dueDate: "{{due_date}}", custmerName: "{{customer_name}}"}
	EOF
	run -0 --separate-stderr nida check night.yaml
	diff - <(echo "$stderr") <<-'EOF'
		night.yaml:12:101: warning: params.custmerName: the scenario has no such variable, so it is sent unchecked; did you mean 'customerName'?
		night.yaml: warning: params.homeCity is not given, but the list has a column 'home_city'; was "{{home_city}}" forgotten?
	EOF
	# Given, it is no longer told.
	sed -i 's/custmerName: "{{customer_name}}"/homeCity: "{{home_city}}"/' night.yaml
	run -0 --separate-stderr nida check night.yaml
	[ -z "$stderr" ]
}

@test "accept: [mobile] refuses landlines and says so" {
	sed -i 's/90010/91210/' customers.csv
	cat >>customers.csv <<-EOF
		A8,24123456,Landline,en,1,2026-12-01
		A9,+442079460018,London,en,1,2026-12-01
	EOF
	campaign night <<<'list: {file: customers.csv, phone: mobile, key: account_no, language: lang, country: OM, accept: [mobile]}'
	run -0 nida check night.yaml
	[[ $output == *"rows       5: 3 can be called, 2 are skipped"* ]]
	[[ $output == *"key A8: invalid_phone: Column 'mobile' holds '24123456'. It is a landline, and list.accept allows mobiles only."* ]]
	[[ $output == *"key A9: invalid_phone: Column 'mobile' holds '+442079460018'. It is a number whose country's number plan nida does not know"* ]]
	campaign night </dev/null
	run -0 nida check night.yaml
	[[ $output == *"rows       5: 5 can be called, 0 are skipped"* ]]
}

@test "lists in windows-1256 and UTF-16 of either order are read, and check says which" {
	local encoding
	list 3
	take_port
	for encoding in cp1256 UTF-16LE UTF-16BE; do
		"$PYTHON" -c 'import sys; t = open("customers.csv", encoding="utf-8").read().replace(",", ";").replace("\"Salim; 2\"", "Salim 2").replace("\n", "\r\n"); e = sys.argv[1]; open("other.csv", "wb").write((t if e == "cp1256" else "\ufeff" + t).encode(e))' "$encoding"
		campaign night <<-EOF
			list: {file: other.csv, phone: mobile, key: account_no, language: lang, country: OM, encoding: $([ "$encoding" = cp1256 ] && echo windows-1256 || echo auto)}
		EOF
		run -0 nida check night.yaml
		[[ $output == *"list       other.csv: 6 columns, semicolon, $([ "$encoding" = cp1256 ] && echo windows-1256 || echo UTF-16)"* ]]
		[[ $output == *"rows       3: 3 can be called, 0 are skipped"* ]]
		HAMSA_BASE_URL=$closed run -0 nida run night.yaml --dry-run
		[[ $output == *'"customerName":"سالم 1"'* ]]
	done
}

@test "a check of a list without rejects leaves nothing behind" {
	campaign night </dev/null
	nida check night.yaml
	[ ! -e nida.db ]
	[ ! -e reports ]
}

@test "rejects.csv: the columns of the list, the line, the reason and a hint" {
	cat >customers.csv <<-EOF
		account_no;mobile;customer_name;lang;balance;due_date
		A1;90010001;سالم بن خلفان;ar;12.500;2026-12-01
		A2;7005662;"=HYPERLINK(""x"")";en;9;2026-12-01
		A3;90010001;"Same, Number";en;3;2026-12-01
	EOF
	campaign night </dev/null
	nida check night.yaml
	printf '\xef\xbb\xbf%s\r\n' \
		'"account_no","mobile","customer_name","lang","balance","due_date","line","reason","hint"' \
		>expected
	sed 's/$/\r/' >>expected <<-'EOF'
		"A2","7005662","'=HYPERLINK(""x"")","en","9","2026-12-01","3","invalid_phone","Column 'mobile' holds '7005662'. The number has too few digits; expected a whole number such as +96891234567. Correct the number in the list."
		"A3","90010001","Same, Number","en","3","2026-12-01","4","duplicate","Row 1 has the same number. Keep one of the rows; to call each row of a number, set list.duplicates to all."
	EOF
	diff expected reports/night/check/rejects.csv
	[ "$(stat -c %a reports/night/check/rejects.csv)" = 640 ]
	# Mended: the file of the earlier check does not stay.
	list 3
	run -0 nida check night.yaml
	[[ $output != *rejects* ]]
	[ ! -e reports/night/check/rejects.csv ]
}

@test "rejects.csv goes where --out says; where nothing can be written check still answers" {
	echo 'A9,123,Short,en,1,2026-12-01' >>customers.csv
	campaign night </dev/null
	run -0 nida check night.yaml --out elsewhere
	[[ $output == *"rejects    elsewhere/night/check/rejects.csv"* ]]
	: >plain-file
	run -0 --separate-stderr nida check night.yaml --out plain-file
	[[ $stderr == "nida: warning: The report folder 'plain-file/night' cannot be made: "* ]]
	[[ $output != *rejects* ]]
	[ "${lines[-1]}" = "All is well. Nothing was dialled." ]
}

@test "--json can be parsed and says the same" {
	list 5
	echo 'A9,123,Short,en,1,2026-12-01' >>customers.csv
	campaign night </dev/null
	nida check night.yaml --json >check.json
	"$PYTHON" - <<-EOF
		import json
		found = json.load(open("check.json"))
		assert (found["campaign"], found["rows"], found["callable"]) == ("night", 6, 5), found
		assert found["skipped"]["invalid_phone"] == 1 == sum(found["skipped"].values()), found
		assert (found["delimiter"], found["encoding"]) == ("comma", "UTF-8"), found
		assert found["list"] == "customers.csv", found
		assert open(found["rejects"]).read().count("invalid_phone") == 1
	EOF
}

@test "without --all twenty skipped rows are named, with it every one" {
	list 2
	for i in {1..25}; do echo "B$i,12,Short,en,1,2026-12-01"; done >>customers.csv
	campaign night </dev/null
	run -0 nida check night.yaml
	[ "$(grep -c 'invalid_phone' <<<"$output")" -eq 20 ]
	[[ $output == *"… and 5 more; --all prints them."* ]]
	run -0 nida check night.yaml --all
	[ "$(grep -c 'invalid_phone' <<<"$output")" -eq 25 ]
}

@test "--list replaces the campaign's list" {
	campaign night </dev/null
	sed 1,2d customers.csv | sed '1i account_no,mobile,customer_name,lang,balance,due_date' >other.csv
	run -0 nida check night.yaml --list other.csv
	[[ $output == *"list       other.csv: 6 columns"* ]]
	[[ $output == *"rows       2: 2 can be called"* ]]
}

@test "an unknown key: its place, and the key that was meant" {
	campaign night <<<'pase: {calls_per_minute: 5}'
	refused "night.yaml:13:1: error: pase: this key is not known; did you mean 'pace'?"
}

@test "a wrong type" {
	campaign night <<<'pace: {calls_per_minute: fast}'
	refused "night.yaml:12:26: error: pace.calls_per_minute: expected a whole number from 1 on; found 'fast'."
}

@test "an unset variable of the environment" {
	campaign night <<<'from: ${NOBODY_SET_THIS}'
	refused "night.yaml:12:7: error: from: the variable NOBODY_SET_THIS is not set; set it in the environment or in the env file."
}

@test "a bad template" {
	campaign night <<-'EOF'
		params: {customerName: "{{customer_name}", accountBalance: "{{balance}}", dueDate: "{{due_date}}"}
	EOF
	refused "night.yaml:12:25: error: params.customerName: '{{' opens a name that is not closed; expected '}}' after it."
}

@test "an unknown time zone" {
	campaign night <<<'hours: {timezone: Asia/Muscatt, open: {sun: ["09:00-10:00"]}}'
	refused "night.yaml:12:19: error: hours.timezone: 'Asia/Muscatt' is not a time zone of this machine's zone database; expected an IANA name such as Asia/Muscat."
}

@test "hours that are no hours" {
	campaign night <<<'hours: {timezone: Asia/Muscat, open: {sun: ["9-10"]}}'
	refused "night.yaml:12:45: error: item 1 of hours.open.sun: '9-10' is no span of hours: it must be written HH:MM-HH:MM, for example 09:00-13:00."
}

@test "a key that stands twice" {
	campaign night <<<'retry: {attempts: 2, attempts: 3, on: {no_answer: [1h]}}'
	refused "night.yaml:13:22: error: retry.attempts: this key stands twice; the first is on line 13."
}

@test "something that is not YAML" {
	echo '  bad: [' >night.yaml
	refused "night.yaml:2:1: error: This is not valid YAML: did not find expected node content."
}

@test "an error in the scenario is told with the scenario's place" {
	sed -i 's/max: 80/max: lots/' scenario.yaml
	campaign night </dev/null
	refused "scenario.yaml:5:53: error: variables.customerName.max: expected a whole number from 1 to 4000; found 'lots'."
}

@test "several problems are told in one go" {
	campaign night <<-EOF
		pase: {calls_per_minute: 5}
		poll: soon
		retry: {attempts: 0, on: {completed: [5m]}}
		hours: {timezone: Mars/Base, open: {sun: ["09:00-10:00"]}}
	EOF
	refused "night.yaml:11:1: error: pase: this key is not known; did you mean 'pace'?
night.yaml:12:7: error: poll: expected a time from 1 s to 10 min, written such as 90s, 30m, 4h or 7d; found 'soon'.
night.yaml:13:19: error: retry.attempts: expected a whole number from 1 to 20; found '0'.
night.yaml:13:27: error: retry.on.completed: calls with this outcome are not tried again; expected one of no_answer, failed.
night.yaml:14:19: error: hours.timezone: 'Mars/Base' is not a time zone of this machine's zone database; expected an IANA name such as Asia/Muscat." 5
}

@test "a campaign file, a scenario or a list that is not there" {
	run -2 nida check nowhere.yaml
	[[ $output == *"nowhere.yaml: error: The campaign file 'nowhere.yaml' does not exist."* ]]
	campaign night <<<'scenario: nowhere.yaml'
	refused "nowhere.yaml: error: The scenario file 'nowhere.yaml' does not exist."
	campaign night <<<'list: {file: nowhere.csv, phone: mobile}'
	refused_list "The list 'nowhere.csv' does not exist."
}

@test "a column that the list does not have: who names it, and where" {
	campaign night <<<'list: {file: customers.csv, phone: telephone, key: account_no}'
	refused_list "The list 'customers.csv', line 1: the header lacks columns that night.yaml names:
  list.phone: 'telephone'
Its columns are account_no, mobile, customer_name, lang, balance, due_date."
	campaign night <<-'EOF'
		params: {customerName: "{{name}}", accountBalance: "{{balance}}", dueDate: "{{due_date}}"}
	EOF
	refused_list "The list 'customers.csv', line 1: the header lacks columns that night.yaml names:
  params.customerName: 'name'
Its columns are account_no, mobile, customer_name, lang, balance, due_date."
}

@test "a column that was nearly right: case, blanks, Arabic spelling; all of them in one go" {
	cat >customers.csv <<-EOF
		sep=;
		رقم الحساب;Mobile No;إسم العميل;lang;Balance;due_date
		A1;90010001;سالم;ar;1.500;2026-12-01
	EOF
	campaign night <<-'EOF'
		list: {file: customers.csv, phone: mobile_no, key: رقم_الحساب, language: lang, country: OM}
		params: {customerName: "{{اسم العميل}}", accountBalance: "{{balence}}", dueDate: "{{due_date}}"}
	EOF
	refused_list "The list 'customers.csv', line 2: the header lacks columns that night.yaml names:
  list.phone: 'mobile_no'; did you mean 'Mobile No'?
  list.key: 'رقم_الحساب'; did you mean 'رقم الحساب'?
  params.customerName: 'اسم العميل'; did you mean 'إسم العميل'?
  params.accountBalance: 'balence'; did you mean 'Balance'?
Its columns are رقم الحساب, Mobile No, إسم العميل, lang, Balance, due_date."
}

@test "a quote that is never closed" {
	campaign night </dev/null
	echo 'A9,"+96890010009,x,en,1,2026-12-01' >>customers.csv
	refused_list "The list 'customers.csv', line 5: a quote (\") opens a cell here and is never closed."
}

@test "a row that is too long for the ledger, though check would not keep it" {
	"$PYTHON" -IS - <<-'EOF' >customers.csv
		print("account_no,mobile,customer_name,lang,balance,due_date," + ",".join(f"c{i}" for i in range(24)))
		# A control character takes six bytes in the ledger: 23 x 60000 x 6 are just below 8 MiB.
		for count in (23, 24):
		    cells = ["\x01" * 60000] * count + [""] * (24 - count)
		    print(f"A{count},900100{count},Salim,ar,1.5,2026-12-01," + ",".join(cells))
	EOF
	campaign night </dev/null
	refused_list "customers.csv:3: this row is longer than 8 MiB."
}

@test "a list without rows, and an empty one" {
	campaign night </dev/null
	sed -i 2,99d customers.csv
	refused_list "The list 'customers.csv' has a header, but no rows."
	: >customers.csv
	refused_list "The list 'customers.csv' is empty; expected a header and rows."
}

@test "a suppression file with a line that is no number" {
	printf 'phone\n+96890010001\nask Ahmed\n' >dnc.csv
	campaign night <<<'suppress: [dnc.csv]'
	refused_list "The suppression file 'dnc.csv', line 3: It holds letters or other characters that no telephone number has; expected one number such as +96891234567."
}

@test "a suppression file that is not there" {
	# A rule that cannot be evaluated is an invalid campaign: 2, not the 1 of an unexpected failure.
	campaign night <<<'suppress: [dnc.csv]'
	refused_list "dnc.csv: the suppression file cannot be read: No such file or directory. Nothing is dialled without it; put it back or take it out of \`suppress\`."
}

@test "an env file that others can read is refused, its text is not shown" {
	campaign night </dev/null
	echo 'HAMSA_API_KEY=very-secret' >.env
	chmod 644 .env
	run -2 nida check night.yaml
	[ "$output" = "nida: The env file '.env' holds secrets, but others than its owner have access to it (mode 644); run: chmod 600 '.env'" ]
	chmod 600 .env
	nida check night.yaml
}

@test "the env file supplies what the environment does not" {
	unset HAMSA_PHONE_NUMBER
	campaign night </dev/null
	run -2 nida check night.yaml
	[[ $output == *"from: the variable HAMSA_PHONE_NUMBER is not set"* ]]
	mkdir keys
	(umask 077 && echo 'HAMSA_PHONE_NUMBER=+96824000000' >keys/env)
	nida check night.yaml --env-file keys/env
}

@test "--online asks Hamsa for the key and the agents" {
	clock 600
	start_sim --key right --agent "$HAMSA_VOICE_AGENT_ID=Reminder"
	campaign night </dev/null
	HAMSA_API_KEY=right run -0 nida check night.yaml --online
	[[ $output == *"hamsa      the key works; project "* ]]
	[[ $output == *"agent      ar: $HAMSA_VOICE_AGENT_ID, "* ]]
	HAMSA_API_KEY=wrong run -4 nida check night.yaml --online
	[[ $output == *"Hamsa does not confirm the key and its project: "* ]]
	campaign night <<<'agent: 00000000-0000-0000-0000-000000000000'
	HAMSA_API_KEY=right run -2 nida check night.yaml --online
	[[ $output == *"night.yaml: error: agent.ar: Hamsa knows no agent 00000000-0000-0000-0000-000000000000; \`nida hamsa agents\` lists them."* ]]
	[ ! -s record ]
}

@test "a retry that comes due before min_gap is over is warned of" {
	campaign night <<-EOF
		retry: {attempts: 3, on: {no_answer: [30m, 5m], failed: [20m, 1m]}}
		guard: {per_person: {min_gap: 20m}}
	EOF
	list 2
	run -0 --separate-stderr nida check night.yaml
	[ "${#stderr_lines[@]}" -eq 2 ]
	[ "${stderr_lines[0]}" = "night.yaml: warning: retry.on.no_answer waits 5 min, but guard.per_person.min_gap is 20 min: that retry comes after the gap." ]
	[[ ${stderr_lines[1]} == *"retry.on.failed waits 1 min,"* ]]

	# What never comes to pass, and what is as long as the gap, is no cause.
	sed -i 's/attempts: 3/attempts: 2/' night.yaml
	run -0 --separate-stderr nida check night.yaml
	[[ $stderr != *min_gap* ]]
}

@test "the shipped campaigns check cleanly" {
	local top="$TESTS/.." name
	for name in account-inquiry payment-reminder service-upgrade technical-support; do
		run -0 --separate-stderr nida check "$top/campaigns/$name.yaml" --out reports
		[ -z "$stderr" ]
		[ "${lines[-1]}" = "All is well. Nothing was dialled." ]
	done
}

# online_says TEXT...: what --online finds wrong, each in a line of its own; then exit 2.
online_says() {
	run -2 --separate-stderr nida check night.yaml --online
	diff <(printf 'night.yaml: error: %s\n' "$@") <(sed '$d' <<<"$stderr")
	local last="nida: $# errors between this campaign and Hamsa to mend first. Nothing was dialled."
	[ "$#" -gt 1 ] || last="nida: 1 error between this campaign and Hamsa to mend first. Nothing was dialled."
	[ "${stderr_lines[-1]}" = "$last" ]
	[[ $output != *"All is well"* ]]
}

agent=d949f13f-40d2-4e48-ac86-b66633070603
gap="Hamsa would leave a gap there without a word."

@test "--online: placeholders that nobody fills, and a caller that nobody registered" {
	campaign night </dev/null
	start_sim --preamble 'You speak with {{customerName}} in {{language}} about {{accountBalnce}} and {{offer}}.'
	online_says \
		"params: the agent $agent (Simulated agent) speaks {{accountBalnce}}, and this campaign sends nothing of that name (it sends 'accountBalance': is that meant?). $gap" \
		"params: the agent $agent (Simulated agent) speaks {{offer}}, and this campaign sends nothing of that name. $gap"
	start_sim --number +96824999999
	online_says "from: +96824000000 is not registered at Hamsa for this project, so that no call can come from it; \`nida hamsa numbers\` lists those that are (1)."
	# Numbers are compared as numbers, however Hamsa writes them.
	start_sim --number '968 2400 0000'
	run -0 nida check night.yaml --online
	[[ $output == *"from       +96824000000, registered as Simulated line"* ]]
}

@test "--online: a project that is off, another project, an agent for each language" {
	campaign night <<<"agent: {ar: $agent, en: second}"
	start_sim --deactivated
	run -4 nida check night.yaml --online
	[[ $output == *"Hamsa has deactivated the project"* ]]
	start_sim --agent "$agent=Arabic" --agent second=English
	HAMSA_PROJECT_ID=p-1 run -2 nida check night.yaml --online
	[[ $output == *"but HAMSA_PROJECT_ID says p-1."* ]]
	run -0 nida check night.yaml --online
	[[ $output == *"agent      ar: $agent, Arabic"*"agent      en: second, English"* ]]
	start_sim --agent "$agent=Arabic"
	online_says "agent.en: Hamsa knows no agent second; \`nida hamsa agents\` lists them."
}

@test "--online: a default of the scenario fills a placeholder" {
	sed -i 's/^  dueDate: .*/&\n  offer: {type: text, required: true, default: none}/' scenario.yaml
	campaign night </dev/null
	start_sim --preamble 'About {{offer}}'
	run -0 nida check night.yaml --online
}

@test "--online: another Hamsa" {
	campaign night </dev/null
	start_other
	run -0 nida check night.yaml --online
	[[ $output == *"agent      ar: $agent, تحصيل"* ]]
}

# twins RULE: a list that is large enough to be loaded without its index, in which every tenth row has
# the number of the row before and every fifteenth its key, and what must come of it by the rule.
twins() {
	"$PYTHON" -IS - "$1" >expected <<-'EOF'
		import sys
		rule, rows = sys.argv[1], []
		for i in range(1, 130001):
		    mobile, key = 90000000 + i * 7368787 % 9999991, f"K{i * 48271 % 8999993}"
		    if i % 10 == 0:
		        mobile = rows[-1][1]
		    if i % 15 == 0:
		        key = rows[-1][0]
		    rows.append((key, mobile))
		with open("customers.csv", "w", encoding="utf-8") as f:
		    f.write("account_no,mobile,customer_name,lang,balance,due_date\n")
		    for i, (key, mobile) in enumerate(rows, 1):
		        f.write(f"{key},+968{mobile},Customer {i},en,{i}.500,2026-12-01\n")
		why, numbers, keys = {}, {}, {}
		for i, (key, mobile) in enumerate(rows, 1):
		    if key in keys:
		        why[i] = f"row {keys[key]} (line {keys[key] + 1}) has the same key"
		    keys.setdefault(key, i)
		    numbers.setdefault(mobile, []).append(i)
		for group in numbers.values() if rule != "all" else ():
		    called = [i for i in group if i not in why]
		    if len(group) > 1 and rule == "reject":
		        why.update({i: f"row {group[0]} has the same number" for i in called[1:]})
		        if called[:1] == group[:1]:
		            why[group[0]] = f"row {group[1]} has the same number"
		        else:
		            why.update({i: f"row {group[0]} has the same number" for i in called})
		    else:
		        why.update({i: f"row {group[0]} has the same number" for i in called[1:]})
		for i in sorted(why):
		    print(f"{i}|{why[i]}")
	EOF
	campaign night <<-EOF
		list: {file: customers.csv, phone: mobile, key: account_no, language: lang, country: OM, duplicates: $1}
	EOF
}

@test "a large list: check and run find the same rows that stand twice, and the keys stay guarded" {
	local rule
	start_sim
	for rule in first reject all; do
		twins "$rule"
		rm -f nida.db*
		nida check night.yaml --all >out
		diff expected <(sed -n 's/^  customers.csv:[0-9]*: row \([0-9]*\), key [^:]*: duplicate: /\1|/p' out)
		nida run night.yaml --only nobody 2>/dev/null && return 1
		run -3 nida run night.yaml --yes --limit 1
		diff expected <(ledger "SELECT id & 0xffffffff, detail FROM contact WHERE why = 'duplicate'")
		[ "$(ledger "SELECT sum(contacts) FROM tally WHERE why = 'duplicate'")" -eq "$(wc -l <expected)" ]
		[ "$(ledger 'SELECT sum(contacts) FROM tally')" -eq 130000 ]
		[ "$(ledger "SELECT count(*) FROM sqlite_schema WHERE name = 'contact_key'")" -eq 1 ]
	done
}
