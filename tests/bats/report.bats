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
