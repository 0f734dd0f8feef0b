#!/usr/bin/env bats
# report.recordings: download: each recording a file of its own beside the report, fetched once,
# while the run goes on.

load helper

setup() {
	begin_test
}

teardown() {
	end_test
}

# kept [N]: so many recordings are files by now, and whole.
kept() {
	[ "$(ledger "SELECT count(*) FROM recording WHERE state = 'kept'")" -ge "${1:-1}" ]
}

fetches() {
	curl -s "$origin/sim/requests" | jq '."GET /recordings/*"'
}

# good FOLDER N: N recordings lie there, each what the ledger says of it, and nothing else.
good() {
	local file bytes sha count=0
	while IFS='|' read -r file bytes sha; do
		[ "$(stat -c %s:%a "$1/$file")" = "$bytes:600" ] || return 1
		[ "$(sha256sum <"$1/$file")" = "$sha  -" ] || return 1
		[ "$(head -c 4 "$1/$file")" = RIFF ] || return 1
		count=$((count + 1))
	done < <(ledger "SELECT file, bytes, sha256 FROM recording WHERE state = 'kept'")
	[ "$count" -eq "$2" ] && [ "$(find "$1/recordings" -type f | wc -l)" -eq "$2" ]
}

download() {
	campaign nightly <<-EOF2
		report: {dir: reports, recordings: download}
		retry: {attempts: 1}
		$1
	EOF2
}

@test "each recording becomes a file beside the report, fetched once" {
	clock 60
	start_sim --answer 100%
	download
	list 5
	run --separate-stderr nida run nightly.yaml --yes
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"recordings 5 downloaded"* ]]
	folder=$(echo reports/nightly/*)
	good "$folder" 5
	[ "$(fetches)" -eq 5 ]
	# The page, the spreadsheet and the machine's file name it; the names say nothing of customers.
	grep -q '"recordings/row-000001-1.wav"' "$folder/report.html"
	grep -q '"recordings/row-000001-1.wav"' "$folder/results.csv"
	jq -es 'all(.[].attempts[0]; (.recording_file | test("^recordings/row-[0-9]{6}-1.wav$"))
		and (.recording | startswith("http")))' "$folder/results.jsonl"
	# A report that is written elsewhere has no file beside it, and keeps the link; its page finds the way.
	nida report nightly.yaml --out 'else where'
	grep -q 'http://127.0.0.1:[0-9]*/recordings/' else\ where/nightly/*/results.csv
	way="../../../$folder/recordings/row-000001-1.wav"
	[ -e "$(echo else\ where/nightly/*)/$way" ]
	grep -qF "\"$way\"" else\ where/nightly/*/report.html
	# With the files gone the link is all there is.
	mv "$folder/recordings" kept
	nida report nightly.yaml --out 'else where'
	run ! grep -q '/recordings/row-' else\ where/nightly/*/report.html
	mv kept "$folder/recordings"
	# Again: nobody is called, and nothing is fetched.
	nida run nightly.yaml --yes
	[ "$(fetches)" -eq 5 ]
}

@test "links stay links unless the campaign says download" {
	clock 60
	start_sim --answer 100%
	campaign nightly <<<'retry: {attempts: 1}'
	list 2
	nida run nightly.yaml --yes
	[ "$(fetches)" -eq 0 ]
	[ ! -e reports/nightly/*/recordings ]
	# A change of mind: the next run of the finished campaign fetches what is left, and calls nobody.
	download
	asked=$(asked_count)
	run --separate-stderr nida run nightly.yaml --yes
	[ "$status" -eq 0 ]
	good "$(echo reports/nightly/*)" 2
	[ "$(asked_count)" -eq "$asked" ]
	grep -q '"recordings/row-000002-1.wav"' reports/nightly/*/results.csv
}

@test "one that breaks off in the middle is gone on with, not begun anew" {
	clock 60
	start_sim --answer 100% --fault recording-drop=100% --log
	download
	list 3
	nida run nightly.yaml --yes
	good "$(echo reports/nightly/*)" 3
	# Each was asked for twice, the second time for its rest alone.
	[ "$(grep -c 'GET /recordings/.*: 206' sim.log)" -eq 3 ]
	[ "$(fetches)" -eq 6 ]
}

@test "an expired link is renewed by reading the call again" {
	clock 60
	start_sim --answer 100% --fault recording-expired=100% --log
	download
	list 2
	nida run nightly.yaml --yes
	good "$(echo reports/nightly/*)" 2
	grep -q 'GET /recordings/.*: 403' sim.log
}

@test "what cannot be had is given up and said, and stays a link" {
	clock 600
	start_sim --answer 100% --fault recording-page=100%
	download
	list 2
	run --separate-stderr nida run nightly.yaml --yes
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"recordings 0 downloaded, 2 cannot be had"* ]]
	[[ "$stderr" == *"what came is no recording but 'text/html'"* ]]
	[ -z "$(find reports -name '*.part')" ]
	[ "$(fetches)" -eq 12 ]
	grep -q 'http://127.0.0.1:[0-9]*/recordings/' reports/nightly/*/results.csv
	run nida events nightly.yaml A1
	[[ "$output" == *recording.given_up* ]]
}

@test "a slow archive delays no call" {
	clock 20
	start_sim --answer 100% --fault recording-slow=120s
	download
	list 8
	start_run nightly.yaml --yes
	wait_until counts "state = 'done'" 8
	# Everybody was called and followed to the end while the first recordings were still coming.
	run ! kept
	[ "$(ledger "SELECT count(*) FROM attempt WHERE state = 'closed'")" -eq 8 ]
	facts 'len(made()) == 8'
	kill -INT "$runner"
	await_exit 0
	run nida status nightly.yaml
	[[ "$output" == *"recordings 0 downloaded, 8 to come, 0 cannot be had"* ]]
	grep -q 'recordings 0 downloaded, 8 still missing: the same command fetches them' err
}

@test "a killed run leaves no half recording behind; the next process fetches the rest" {
	clock 60
	start_sim --answer 100% --fault recording-slow=1s
	download
	# Two are fetched at a time: for four seconds there is one that is whole and one that is not.
	list 10
	start_run nightly.yaml --yes
	wait_until kept 1
	wait_until compgen -G 'reports/nightly/*/recordings/*.part'
	kill -9 "$runner"
	wait "$runner" || true
	run ! kept 10
	nida run nightly.yaml --yes
	good "$(echo reports/nightly/*)" 10
	facts 'len(made()) == 10'
}

@test "the page plays the file beside it" {
	command -v node >/dev/null || skip "there is no node"
	clock 60
	start_sim --answer 100%
	download
	list 1
	nida run nightly.yaml --yes
	# Nobody is there any more who could serve it.
	end_sim
	run timeout 180 node "$TESTS/page/recording.mjs" "$PWD"/reports/nightly/*/report.html
	[[ "$output" != *SKIPPED* ]] || skip "there is no Chromium"
	[ "$status" -eq 0 ]
	[[ "$output" == *plays* ]]
}
