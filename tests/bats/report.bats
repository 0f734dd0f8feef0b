#!/usr/bin/env bats
# The reports as files: what a list gets back, what is masked, several campaigns beside each other.

load helper

setup() {
	begin_test
}

teardown() {
	end_test
}

# cells RUN: what the ledger holds of each row of that run.
cells() {
	ledger "SELECT cells FROM contact WHERE run_id = $1 ORDER BY id"
}

# A list of four customers in the given encoding and with the given separator: strange cells, none answers.
strange_list() {
	printf '%s\n' 'account_no,mobile,customer_name,lang,balance,due_date' \
		'A1,+96890010001,"سالم, الحارثي",ar,1.500,2026-12-01' \
		'A2,90010002,"quoted ""name""; and",en,2.250,02/12/2026' \
		'A3,0096890010003," blanks ",en,3.000,2026-12-01' \
		'A4,+96890010004,"line
break",ar,4.000,2026-12-01' >utf8.csv
	"$PYTHON" -IS -c 'import csv, sys
rows = list(csv.reader(open("utf8.csv", encoding="utf-8", newline="")))
out = open("customers.csv", "w", encoding=sys.argv[1], newline="")
csv.writer(out, delimiter=sys.argv[2].replace("TAB", "\t")).writerows(rows)' "$1" "$2"
}

# follows_up ENCODING SEPARATOR [RULE]: a night on which nobody answers; its follow-up.csv is the list of the
# next one as it is, and holds the same cells.
follows_up() {
	clock 600
	start_sim --no-answer 100%
	strange_list "$1" "$2"
	campaign night <<-END
		list: {file: customers.csv, phone: mobile, key: account_no, language: lang, country: OM${3:+, encoding: $3}}
	END
	nida run night.yaml --yes >out 2>err
	cp reports/night/*/follow-up.csv .
	cells 1 >first
	nida run night.yaml --yes --list follow-up.csv >out 2>err
	cells 2 >second
	[ "$(wc -l <second)" -eq 4 ]
	cmp first second
	[ "$(ledger 'SELECT count(*) FROM contact WHERE run_id = 2 AND state = "done"')" -eq 4 ]
	[ "$(ledger 'SELECT list_encoding, list_delimiter FROM run WHERE id = 1')" = \
		"$(ledger 'SELECT list_encoding, list_delimiter FROM run WHERE id = 2')" ]
}

@test "follow-up.csv is the next list: UTF-8 with semicolons" {
	follows_up utf-8 ';'
	head -1 follow-up.csv | grep -q '^account_no;mobile;'
}

@test "follow-up.csv is the next list: windows-1256" {
	follows_up cp1256 , windows-1256
	iconv -f cp1256 -t utf-8 follow-up.csv | grep -q 'سالم, الحارثي'
}

@test "follow-up.csv is the next list: UTF-16 with tabs" {
	follows_up utf-16 TAB
	[ "$(head -c 2 follow-up.csv | od -An -tx1)" = ' ff fe' ]
}

@test "report --mask: no name, no number, no word of a customer is in any file" {
	clock 600
	start_sim --answer 100%
	list 6
	echo 'A7,12,Zuhair Anywhere,en,5.000,2026-12-01' >>customers.csv
	campaign night </dev/null
	nida run night.yaml --yes >out 2>err
	run -0 nida report night.yaml --mask --keep balance,due_date
	folder=$(echo reports/night/*-masked)
	[ "$(ls "$folder")" = "$(printf 'report.html\nresults.csv\nresults.jsonl\nsummary.json')" ]
	# Words of the list, of details and of conversations.
	run -1 grep -rE 'سالم|Salim|Zuhair|9001000|"A[1-7]"|السلام|http://' "$folder" --include='results*' --include=summary.json
	run -1 grep -E 'سالم|Salim|Zuhair|9001000|"A[1-7]"|http://127[^"]*rec|السلام|"words":"[^"]' "$folder/report.html"
	grep -q '"masked":true' "$folder/report.html"
	[ "$(jq -r '.columns | [.balance, .due_date, .customer_name] | join(" ")' "$folder/results.jsonl" | head -1)" = \
		"1.500 2026-12-01 •••" ]
	[ "$(jq -r .phone "$folder/results.jsonl" | head -1)" = "+96890••••01" ]
	# The numbers are those of the whole report.
	whole=$(echo reports/night/*[0-9])
	diff <(jq 'del(.as_of)' "$folder/summary.json") <(jq 'del(.as_of)' "$whole/summary.json")
	# A choice that the scenario names stays; what else the agent says may be anything.
	diff <(jq -r '.attempts[0].values.disposition // ""' "$whole/results.jsonl" | sed -E 's/^(agreed|declined)$/•••/') \
		<(jq -r '.attempts[0].values.disposition // ""' "$folder/results.jsonl")
	grep -q voicemail "$folder/results.jsonl"
}

@test "report --keep: what it takes" {
	clock 600
	start_sim --answer 100%
	list 1
	campaign night </dev/null
	nida run night.yaml --yes >out 2>err
	run -2 nida report night.yaml --keep balance
	[[ $output == *"give both"* ]]
	run -2 nida report night.yaml --mask --keep balance,mobile
	[[ $output == *"'mobile' is the column of the phone"* ]]
	run -2 nida report night.yaml --mask --keep balanc
	[[ $output == *"no column 'balanc'; perhaps 'balance'."* ]]
	[ ! -e reports/night/*-masked/report.html ]
}
