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
	[ "$(head -c 3 follow-up.csv | od -An -tx1)" = ' ef bb bf' ]
	head -1 follow-up.csv | tail -c +4 | grep -q '^account_no;mobile;'
}

@test "follow-up.csv is the next list: windows-1256" {
	follows_up cp1256 , windows-1256
	iconv -f cp1256 -t utf-8 follow-up.csv | grep -q 'سالم, الحارثي'
}

@test "follow-up.csv is the next list: UTF-16 with tabs" {
	follows_up utf-16 TAB
	[ "$(head -c 2 follow-up.csv | od -An -tx1)" = ' ff fe' ]
}

@test "what the scenario calls its choices is in the page; the files for machines have the choices" {
	clock 600
	start_sim --no-answer 0% --failed 0%
	list 2
	campaign night </dev/null
	nida run night.yaml --yes >out 2>err
	grep -qF '"choices":{"reached":{"customer":["Reached in person","العميل نفسه"],"other":["other","غيره"]}}' \
		reports/night/*/report.html
	run ! grep -q "Reached in person" reports/night/*/results.csv reports/night/*/results.jsonl
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

# hostile_list: cells that attack CSV, HTML, JSON, terminals and spreadsheets, all of them allowed in a list.
hostile_list() {
	"$PYTHON" -IS -c 'import csv, sys
names = ["</script><script>alert(1)</script>", "<!--<script>", "=cmd|" + chr(39) + " /C calc" + chr(39) + "!A0",
	"@SUM(A1)", "+1+2", "-2+3", "\uff1d1+1", "\u202egnp.exe", "quo\"ted; \t tab", "line\nbreak\r\nand more",
	"W" * 10000, "\U0001f469\u200d\U0001f467 \U0001f1f4\U0001f1f2", "javascript:alert(1)", "${HAMSA_API_KEY} %s %n",
	"a\u2028b", "  blanks  ", "\x1b[31mred", "000123", "1e5", "12/11", "TRUE"]
with open("customers.csv", "w", encoding="utf-8", newline="") as out:
	rows = csv.writer(out, quoting=csv.QUOTE_ALL)
	rows.writerow(["account_no", "mobile", "customer_name", "lang", "balance", "due_date", "note"])
	for i, name in enumerate(names):
		rows.writerow(["H%d" % i, "+9689001%04d" % i, "Name", "en", "1.500", "2026-12-01", name])
	rows.writerow(["H-nul", "+96890020000", "Na\0me", "en", "1.500", "2026-12-01", "a\0b"])'
}

# hostile_run: the run of that list, all answered, whose reports are in $reports.
hostile_run() {
	clock 600
	start_sim --answer 100%
	hostile_list
	campaign night </dev/null
	nida run night.yaml --yes >out 2>err
	reports=$(echo reports/night/*)
}

@test "a hostile list passes through every file unharmed and harmless" {
	hostile_run
	"$PYTHON" -IS - "$reports" <<-'END'
		import csv, json, sys
		csv.field_size_limit(1 << 20)
		def table(path, encoding="utf-8"): return list(csv.DictReader(open(path, encoding=encoding, newline="")))
		given = [r for r in table("customers.csv") if "\0" not in r["note"]]
		wanted = {r["account_no"]: r["note"] for r in given}
		lines = [json.loads(line) for line in open(sys.argv[1] + "/results.jsonl", encoding="utf-8")]
		assert len(lines) == len(given) + 1, len(lines)
		told = {line["columns"]["account_no"]: line["columns"]["note"] for line in lines}
		assert {k: told[k] for k in wanted} == wanted, "results.jsonl"
		assert [line["state"] for line in lines if line["key"] in wanted] == ["done"] * len(wanted)
		sheet = table(sys.argv[1] + "/results.csv", "utf-8-sig")
		assert len(sheet) == len(lines)
		assert list(sheet[0])[:7] == list(given[0]), "columns"
		for row in sheet: assert all(cell.lstrip(" \u202e")[:1] not in ("=", "@", "\uff1d", "\t") for cell in row.values()), row
		bare = {r["account_no"]: r["note"].replace("\x27", "") for r in sheet}
		assert {k: bare[k] for k in wanted} == {k: v.replace("\x27", "") for k, v in wanted.items()}, "results.csv"
	END
	run -1 grep -c '<script>alert' "$reports/report.html"
}

@test "results.csv is the same after LibreOffice has opened and saved it" {
	command -v soffice || skip "no LibreOffice (apt-get install libreoffice-calc)"
	hostile_run
	mkdir opened
	# A comma between, quotes around, UTF-8, all columns, quoted cells as text.
	HOME=$PWD timeout 120 soffice --headless --norestore "-env:UserInstallation=file://$PWD/office" \
		--infilter='CSV:44,34,76,1,,0,true,false' \
		--convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,false' \
		--outdir opened "$reports/results.csv" >office.log 2>&1
	"$PYTHON" -IS - "$reports/results.csv" opened/results.csv <<-'END'
		import csv, sys
		csv.field_size_limit(1 << 20)
		def table(path): return [[cell.replace("\r\n", "\n") for cell in row]
			for row in csv.reader(open(path, encoding="utf-8-sig", newline=""))]
		before, after = table(sys.argv[1]), table(sys.argv[2])
		assert len(before) == len(after), (len(before), len(after))
		for a, b in zip(before, after): assert a == b, [pair for pair in zip(a, b) if pair[0] != pair[1]]
	END
}

@test "the pages are valid HTML" {
	hostile_run
	nida report night.yaml --mask >paths
	nida report --all --out reports >>paths
	for page in reports/night/*/report.html reports/comparison.html; do
		run -0 tidy -quiet -errors --drop-empty-elements no "$page"
		[ -z "$output" ]
	done
}

# sums FILE: calls, answered, talk seconds and cost, added up over the lines of a comparison.csv.
sums() {
	"$PYTHON" -IS -c 'import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8-sig")))
print(*[sum(int(r[name]) for r in rows) for name in ("calls", "answered")], "%.6f" % sum(float(r["cost"]) for r in rows))' "$1"
}

@test "report --all: campaigns beside each other, and their sums are the ledger's" {
	clock 600
	start_sim
	list 8
	campaign night </dev/null
	campaign day </dev/null
	campaign never </dev/null
	nida run night.yaml --yes >out 2>err
	list 5 20
	nida run day.yaml --yes >out 2>err
	nida run night.yaml --yes >out 2>err
	run -0 nida report --all
	[ "$output" = "$(printf 'reports/comparison.html\nreports/comparison.csv')" ]
	[ "$(sums reports/comparison.csv)" = "$(ledger "SELECT printf('%d %d %.6f', sum(calls), sum(answered), sum(cost_micro) / 1e6) FROM run")" ]
	[ "$(cut -d, -f1,2 reports/comparison.csv | sort -u | wc -l)" -eq 4 ]
	# Nobody is in it.
	run -1 grep -E 'سالم|Salim|968900|A[0-9]+"' reports/comparison.html reports/comparison.csv
	# One campaign's runs, beside its reports.
	run -0 nida report night.yaml --since 30d --format csv --json
	[ "$(jq -r .csv <<<"$output")" = reports/night/comparison.csv ]
	[ ! -e reports/night/comparison.html ]
	[ "$(sums reports/night/comparison.csv)" = "$(ledger "SELECT printf('%d %d %.6f', sum(calls), sum(answered), sum(cost_micro) / 1e6) FROM run WHERE campaign = 'night'")" ]
}

@test "report --all, --since: what they refuse" {
	clock 600
	start_sim
	list 1
	campaign night </dev/null
	campaign never </dev/null
	nida run night.yaml --yes >out 2>err
	run -2 nida report
	[[ $output == *"needs a CAMPAIGN, or --all"* ]]
	run -2 nida report never.yaml --since 1d
	[[ $output == *"campaign never has no run"* ]]
	run -2 nida report --all --since yesterday
	[[ $output == *"--since is 'yesterday'; expected a span before now, such as 30d"* ]]
	run -2 nida report --all --mask
	[[ $output == *"names nobody"* ]]
	run -2 nida report --all --format json
	[[ $output == *"html and csv, not as json"* ]]
	clock 1 2027-02-01T10:00:00+04:00
	run -2 nida report --all --since 30d
	[[ $output == *"the ledger nida.db has no run that began or called since then"* ]]
	[ ! -e reports/comparison.html ]
}

# whole: the reports that lie there now are complete, each of them.
whole() {
	local page=$1/report.html
	[ "$(tail -c 8 "$page")" = '</html>' ] &&
		grep -q '"agrees":true}' "$page" &&
		[ "$(tail -c 1 "$1/results.jsonl" | od -An -tx1)" = ' 0a' ] &&
		[ "$(wc -l <"$1/results.jsonl")" -eq 60 ]
}

as_of() {
	grep -o '"asOf":[0-9]*' "$1/report.html"
}

# is_newer FOLDER AS_OF: another report than that lies there. One that is not whole is noted in `torn`.
is_newer() {
	whole "$1" || echo "$1" >>torn
	[ "$(as_of "$1")" != "$2" ]
}

@test "while a run goes on the report says so, and nobody ever sees half of one" {
	local round
	clock 60
	list 60
	campaign night <<-EOF
		pace: {calls_per_minute: 60, live: 100}
		report: {dir: reports, every: 10s}
	EOF
	# Calls that last until the test has seen enough.
	start_sim --answer 100% --talk 100h-100h
	start_run night.yaml
	wait_until compgen -G 'reports/night/*/report.html'
	reports=$(echo reports/night/*)
	grep -q '"live":true,"every":10000' "$reports/report.html"
	for round in {1..10}; do
		before=$(as_of "$reports")
		kill -USR1 "$runner"
		# It looks all the while it is being written.
		wait_until is_newer "$reports" "$before"
		[ ! -e torn ]
	done
	wait_until counts "state = 'live'" 60
	nida end-call night.yaml --all
	await_exit 0
	whole "$reports"
	grep -q '"live":false' "$reports/report.html"
	[ -z "$(find reports -name '.*')" ]
}
