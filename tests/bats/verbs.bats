#!/usr/bin/env bats
# What every verb owes its user: help, usage errors, versions; and the small verbs: suppress, try, install.

load helper

setup() {
	begin_test
}

teardown() {
	end_test
}

# The verbs that --help lists.
all_verbs() {
	nida --help | sed -n 's/^  nida \([a-z-]*\) .*/\1/p'
}

@test "--help lists the verbs, on standard output" {
	run -0 --separate-stderr nida --help
	[ -z "$stderr" ]
	[ "$(all_verbs | wc -l)" -ge 10 ]
	for verb in check run status end-call pause resume cancel try report events audit hamsa suppress; do
		all_verbs | grep -qx -e "$verb"
	done
	run -0 nida help
	run -0 nida -h
	diff <(nida help run) <(nida run --help)
	run -2 nida help rnu
	[ "$output" = "nida: 'rnu' is no verb. \`nida --help\` lists them." ]
}

@test "each verb's --help exits with 0, names every option it takes, and has an example" {
	local verb option value
	for verb in $(all_verbs); do
		run -0 --separate-stderr nida "$verb" --help
		[ -z "$stderr" ]
		[ "${lines[0]%% \[OPTION…\]}" != "${lines[0]}" ]
		[[ ${lines[0]} == "usage: nida $verb"* ]]
		[[ $output == *"example:"*"  nida $verb "* ]]
		[[ $output == *"  --help "* ]]
		# What the help names the verb takes: a usage error would end with 2 before the help.
		sed -n 's/^  --\([a-z-]*\) \([^ ]*\) .*/\1 \2/p' <<<"$output" >named
		while read -r option value; do
			run -0 nida "$verb" "--$option" ${value:+text} --help
		done <named
	done
}

@test "the options that the manual promises are in the help" {
	promised check --all --online --list --json --env-file
	promised run --yes --dry-run --limit --only --new --list --log --verbose --ledger --env-file
	promised status --json --run --ledger --env-file
	promised end-call --all --via --ledger --env-file
	promised pause --reason --ledger --env-file
	promised resume --reason --ledger --env-file
	promised cancel --end-live --yes --run --out --ledger --env-file
	promised audit --run --json --ledger --env-file
	promised hamsa --since --json --ledger --env-file
	promised try --to --row --list --ledger --env-file
	promised report --run --format --out --mask --keep --all --since --json --ledger --env-file
	promised events --run --json --ledger --env-file
	promised suppress --ledger --reason --country --all --json
}

promised() {
	local verb=$1 option
	shift
	run -0 nida "$verb" --help
	for option; do
		grep -q -e "^  $option " <<<"$output" || {
			echo "nida $verb --help does not name $option"
			return 1
		}
	done
}

@test "--version" {
	run -0 --separate-stderr nida --version
	[[ $output =~ ^nida\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	[ -z "$stderr" ]
	run -0 "$NIDA_BUILD/nida-sim" --version
}

@test "a usage error is exit 2, on standard error, and names the help" {
	run -2 --separate-stderr nida
	[ -z "$output" ]
	[[ $stderr == *"usage: nida VERB"* ]]
	run -2 --separate-stderr nida chekc x.yaml
	[ -z "$output" ]
	[ "$stderr" = "nida: 'chekc' is no verb. \`nida --help\` lists them." ]
	run -2 --separate-stderr nida check --bogus x.yaml
	[ "$stderr" = "nida: '--bogus' is no option of this verb; see \`nida check --help\`." ]
	run -2 --separate-stderr nida check x.yaml --limit 3
	[ "$stderr" = "nida: '--limit' is no option of this verb; see \`nida check --help\`." ]
	run -2 --separate-stderr nida check x.yaml --list
	[ "$stderr" = "nida: --list needs a value; see \`nida check --help\`." ]
	run -2 --separate-stderr nida check
	[ "$stderr" = "nida: usage: nida check CAMPAIGN; see \`nida check --help\`." ]
	run -2 --separate-stderr nida check x.yaml y.yaml z.yaml u.yaml
	[ "$stderr" = "nida: That is more than this verb takes; a number or a key with blanks needs quotes ('+968 9123 4567'). usage: nida check CAMPAIGN; see \`nida check --help\`." ]
	run -2 nida run x.yaml --log yaml
	[[ $output == *"--log is 'yaml'; expected text or json."* ]]
	NIDA_CLOCK=noon run -2 nida check x.yaml
	[[ $output == *"NIDA_CLOCK is 'noon'; it must be START"* ]]
}

@test "suppress: add, list, remove" {
	still_clock
	run -0 --separate-stderr nida suppress add +96890010001 --ledger nida.db --reason 'asked by "mail"'
	[ "$output" = "+96890010001 is never called again." ]
	[[ $stderr == "nida.db is a new ledger: "* ]]
	run -0 nida suppress add '00968 9001-0001' --ledger nida.db
	[ "$output" = "+96890010001 was in the register already." ]
	nida suppress add +96890010002 --ledger nida.db
	run -0 nida suppress list --ledger nida.db
	[ "${#lines[@]}" -eq 2 ]
	[ "${lines[0]}" = '+96890010001     2026-11-22T06:00:00+00:00  operator   asked by "mail"' ]
	run -0 nida suppress list --ledger nida.db --json
	[ "${lines[0]}" = '{"phone":"+96890010001","since":"2026-11-22T06:00:00+00:00","source":"operator","reason":"asked by \"mail\""}' ]
	run -0 nida suppress remove +96890010001 --ledger nida.db
	[ "$output" = "+96890010001 may be called again." ]
	run -0 nida suppress remove +96890010001 --ledger nida.db
	[ "$output" = "+96890010001 was not in the register." ]
	run -0 nida suppress list --ledger nida.db
	[ "${#lines[@]}" -eq 1 ]
	[ "$(stat -c %a nida.db)" = 600 ]
}

@test "suppress: what is wrong is said, exit 2" {
	run -2 nida suppress list
	[[ $output == *"--ledger FILE is needed"* ]]
	run -2 nida suppress add 90010001 --ledger nida.db
	[[ $output == *"nida: '90010001' has no country code; write it as +96891234567, or say whose it is with --country OM." ]]
	run -2 nida suppress add 9001 --ledger nida.db
	[[ $output == *"'9001' is no number nida can use: The number has too few digits"* ]]
	run -2 nida suppress add +968 9001 0001 --ledger nida.db
	[[ $output == *"a number or a key with blanks needs quotes ('+968 9123 4567')"* ]]
	run -2 nida suppress forget +96890010001 --ledger nida.db
	[[ $output == *"usage: nida suppress add NUMBER | remove NUMBER | list | import FILE"* ]]
	run -2 nida suppress add --ledger nida.db
}

@test "a mistyped ledger is not made by a verb that only reads or changes what is in it" {
	list 1
	campaign night <<<''
	local command
	for command in "suppress list" "suppress remove +96890010001" "settle night.yaml" \
		"settle night.yaml A1 --called" "end-call night.yaml --all" "cancel night.yaml" \
		"pause night.yaml" "resume night.yaml" "events night.yaml" "report night.yaml" \
		"audit night.yaml" "status night.yaml" "purge --older-than 90d --yes"; do
		# shellcheck disable=SC2086
		run -2 nida $command --ledger nidda.db
		[[ $output == *"nidda.db: there is no ledger here"* ]]
		[ ! -e nidda.db ]
	done
	for command in forget "forget +96890010001" add "list +96890010001" import; do
		# shellcheck disable=SC2086
		run -2 nida suppress $command --ledger nidda.db
		[[ $output == *"usage: nida suppress add NUMBER"* ]]
		[ ! -e nidda.db ]
	done
	# A campaign that this ledger does not know.
	nida suppress add +96890010001 --ledger nida.db
	for command in "settle night.yaml" "end-call night.yaml --all" "cancel night.yaml" \
		"pause night.yaml" "events night.yaml" "report night.yaml" "audit night.yaml"; do
		# shellcheck disable=SC2086
		run -2 nida $command
		[[ $output == *"Campaign night has not been run yet."* ]]
	done
}

@test "suppress import: what is added, what was there, what cannot be read; again changes nothing" {
	still_clock
	nida suppress add +96890010001 --ledger nida.db
	printf 'name;رقم\r\nسالم;90010001\r\nPriya;+968 9001 0002\r\n\r\nx;ask Ahmed\r\ny;٩٠٠١٠٠٠٣\r\nz;90010002\r\n' >dnc.csv
	run -2 --separate-stderr nida suppress import dnc.csv --country OM --ledger nida.db
	[ "$output" = "dnc.csv: 2 added, 2 in the register already, 1 cannot be read." ]
	[ "${stderr_lines[0]}" = "dnc.csv:5: It holds letters or other characters that no telephone number has; expected one number such as +96891234567." ]
	[ "${stderr_lines[1]}" = "nida: dnc.csv: 1 of its lines is not in the register. Correct the file and import it again: numbers that are there stay as they are." ]
	run -2 --separate-stderr nida suppress import dnc.csv --ledger nida.db
	[[ ${stderr_lines[-1]} == *"Correct the file, or say whose numbers without a country code are (--country OM), and import it again:"* ]]
	sed -i /Ahmed/d dnc.csv
	run -0 --separate-stderr nida suppress import dnc.csv --country OM --ledger nida.db --json
	[ "$output" = '{"added":0,"there":4,"unreadable":0}' ]
	run -0 nida suppress list --ledger nida.db
	[ "${#lines[@]}" -eq 3 ]
	# What stood there before keeps its own reason and source.
	[[ ${lines[0]} == "+96890010001 "*"operator"* ]]
	[ "${lines[2]}" = "+96890010003     2026-11-22T06:00:00+00:00  import     dnc.csv" ]
}

@test "suppress import: a file that is wrong as a whole imports nothing" {
	still_clock
	printf 'phone\n+96890010001\n"+96890010002\n' >open.csv
	run -2 nida suppress import open.csv --ledger nida.db
	[[ ${lines[-1]} == "nida: Nothing was imported. The suppression file 'open.csv', line 3: a quote"* ]]
	printf 'name,city\nSalim,Muscat\n' >no-column.csv
	run -2 nida suppress import no-column.csv --ledger nida.db
	[[ $output == *"Nothing was imported. The suppression file 'no-column.csv', line 1: no column is called phone"* ]]
	run -2 nida suppress import nowhere.csv --ledger nida.db
	[[ $output == *"Nothing was imported. The suppression file 'nowhere.csv' does not exist."* ]]
	run -2 nida suppress import open.csv --country XX --ledger nida.db
	[[ $output == *"--country is 'XX'; expected one of OM, "* ]]
	run -0 nida suppress list --ledger nida.db
	[ -z "$output" ]
}

@test "suppress import: who is on it is not called, from the next dial on" {
	clock 600
	list 3
	campaign night </dev/null
	start_sim --answer 100%
	printf '90010002\n90010003\n' >dnc.csv
	nida suppress import dnc.csv --country OM --reason 'regulator, November' --ledger nida.db
	nida run night.yaml
	facts 'complete()' 'numbers() == ["+96890010001"]'
	[ "$(ledger "SELECT DISTINCT reason FROM suppression")" = 'regulator, November' ]
}

@test "a number that was taken off the register is called again" {
	clock 600
	list 2
	campaign night </dev/null
	start_sim --answer 100%
	nida suppress add +96890010002 --ledger nida.db
	nida run night.yaml
	facts 'numbers() == ["+96890010001"]'
	nida suppress remove +96890010002 --ledger nida.db
	nida run night.yaml --new
	facts 'of("+96890010002") != []'
}

@test "verbs that place nothing do not need the campaign's variables; those that do, do" {
	clock 600
	list 3
	export CITY=Muscat REPORTS=reports
	campaign night <<-'EOF'
		params: {customerName: "{{customer_name}}", accountBalance: "{{balance}}", dueDate: "{{due_date}}", city: "${CITY}"}
		report: {dir: "${REPORTS}"}
	EOF
	start_sim --answer 100%
	run -3 nida run night.yaml --limit 2
	unset HAMSA_PHONE_NUMBER HAMSA_VOICE_AGENT_ID HAMSA_API_KEY CITY
	local command
	for command in "status night.yaml" "events night.yaml" "report night.yaml" "pause night.yaml" \
		"resume night.yaml" "settle night.yaml" "rehearse night.yaml"; do
		# shellcheck disable=SC2086
		run -0 --separate-stderr nida $command
		[[ $stderr != *"is not set"* ]]
	done
	[[ $output == *"3 completed"* ]]
	for command in check run "try --to +96890010001"; do
		# shellcheck disable=SC2086
		run -2 nida $command night.yaml
		[[ $output == *"from: the variable HAMSA_PHONE_NUMBER is not set"* ]]
	done
	# Without the folder's name nobody guesses one.
	unset REPORTS
	run -0 nida status night.yaml
	run -2 nida report night.yaml
	[[ $output == *"night.yaml: report.dir names a variable that is not set"* ]]
	run -0 nida report night.yaml --out elsewhere
	[ -s elsewhere/night/*/results.csv ]
}

@test "try: one call to one's own phone with a row's values; no row is touched" {
	clock 600
	list 3
	campaign night <<<'hours: {timezone: Asia/Muscat, open: {mon: ["09:00-10:00"]}}'
	start_sim --answer 100%
	run -0 --separate-stderr nida try night.yaml --to '+968 9999 0001' --row A2
	[[ $stderr == *"Calling +96899990001 (job "* ]]
	[ "${lines[0]}" = "status     COMPLETED" ]
	[[ $output == *"agent      "*"Salim, 2"* ]]
	[[ $output == *"recording  $origin/recordings/"* ]]
	facts 'numbers() == ["+96899990001"]' \
		'calls()[0].params["customerName"] == "Salim, 2"' 'calls()[0].params["language"] == "en"'
	[ "$(ledger 'SELECT count(*) FROM contact')" -eq 0 ]
	[ "$(ledger "SELECT count(*) FROM event WHERE kind = 'try.intent'")" -eq 1 ]
	[ ! -e reports ]
}

@test "try: the first row that can be called, when none is named" {
	clock 600
	list 3
	sed -i '2s/+968[0-9]*/123/' customers.csv
	campaign night </dev/null
	start_sim --no-answer 100%
	run -0 nida try night.yaml --to 99990001
	[[ $output == *"status     NO_ANSWER"* ]]
	facts 'calls()[0].params["customerName"] == "Salim, 2"'
}

@test "try: the do-not-call lists bind it; what is wrong is said, exit 2" {
	clock 600
	list 3
	printf 'phone\n+96899990001\n' >dnc.csv
	campaign night <<<'suppress: [dnc.csv]'
	start_sim --answer 100%
	run -2 nida try night.yaml --to +96899990001
	[[ $output == *"+96899990001 must not be called: it is on dnc.csv."* ]]
	nida suppress add +96899990002 --ledger nida.db
	run -2 nida try night.yaml --to +96899990002
	[[ $output == *"must not be called: it is on the do-not-call register."* ]]
	run -2 nida try night.yaml
	[[ $output == *"--to NUMBER is needed"* ]]
	run -2 nida try night.yaml --to 99
	[[ $output == *"--to 99: The number has too few digits"* ]]
	run -2 nida try night.yaml --to +96899990003 --row A9
	[[ $output == *"The list has no row with the key 'A9'."* ]]
	facts 'calls() == []'
}

@test "try: an answer that is lost is not tried again, and says so" {
	clock 600
	list 1
	campaign night </dev/null
	start_sim --answer 100% --fault lost-answer=100%
	run -1 nida try night.yaml --to +96899990001
	[[ $output == *"It is not certain whether +96899990001 is being called"* ]]
	facts 'len(calls()) == 1'
}

@test "make install puts nida where PREFIX and DESTDIR say, and it runs from there" {
	# What is built already is not built again: `build` counts as done.
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s -C "$TESTS/.." -o build install \
		BUILD="$NIDA_BUILD" DESTDIR="$PWD/root" PREFIX=/opt/nida
	cmp "$NIDA_BUILD/nida" root/opt/nida/bin/nida
	[ -x root/opt/nida/bin/nida-sim ]
	[ "$(root/opt/nida/bin/nida --version)" = "$(nida --version)" ]
	for name in account-inquiry payment-reminder service-upgrade technical-support; do
		root/opt/nida/bin/nida check "root/opt/nida/share/nida/campaigns/$name.yaml"
	done
	[ "$(find root -name '*.db' -o -name '.env')" = "" ]

	# The unit starts what was installed, and goes on with tonight's list.
	local share=root/opt/nida/share unit=root/opt/nida/lib/systemd/system/nida@.service
	grep -qx 'ExecStart=/opt/nida/bin/nida run /etc/nida/%i.yaml --yes --continue --ledger /var/lib/nida/nida.db' "$unit"
	run ! grep -q /usr/local "$unit"
	[ "$(stat -c %a "$unit")" = 644 ]
	[ -s "${unit%.service}.timer" ]
	for name in man/man1/nida.1 man/man5/nida-campaign.5 bash-completion/completions/nida \
		zsh/site-functions/_nida doc/nida/README.md doc/nida/nida.logrotate; do
		[ -s "$share/$name" ]
	done
}
