#!/usr/bin/env bats
# nida purge: reports that no ledger knows of go as well, those of rehearsals and masked ones.

load helper

setup() {
	begin_test
}

teardown() {
	end_test
}

# A list of two people whose names and numbers cannot be overlooked, a run of it that is over, and two
# rehearsals, the second of the second row alone.
rehearsed_run() {
	clock 60
	start_sim --answer 100%
	campaign nightly <<-'EOF2'
		report: {dir: reports}
		retry: {attempts: 1}
	EOF2
	cat >customers.csv <<-'EOF2'
		account_no,mobile,customer_name,lang,balance,due_date
		KEYMARK-1,90717171,Zamzamiyya One,en,10.500,2026-12-01
		KEYMARK-2,+96890727272,Zamzamiyya Two,ar,20.500,2026-12-01
	EOF2
	sed 2d customers.csv >second.csv
	nida rehearse nightly.yaml --seed 7 >out 2>err
	nida rehearse nightly.yaml --seed 8 --list second.csv >out 2>err
	nida run nightly.yaml --yes >out 2>err
	rm customers.csv second.csv
	touch -d 2026-11-22T12:00:00 reports/nightly/rehearsal-[78]
	still_clock 2027-03-01T09:00:00+04:00
}

# traces TEXT...: files of the reports that still have it.
traces() {
	local text
	for text in "$@"; do
		grep -rlaF -- "$text" reports || true
	done
}

@test "rehearsals that are as old go with the runs, and are named" {
	rehearsed_run
	mkdir reports/nightly/rehearsal-mine
	echo mine >reports/nightly/rehearsal-mine/report.html
	run --separate-stderr nida purge --older-than 90d --dry-run
	[ "$status" -eq 0 ]
	[ "${lines[2]}" = "reports of a rehearsal: reports/nightly/rehearsal-7" ]
	[ "${lines[3]}" = "reports of a rehearsal: reports/nightly/rehearsal-8" ]
	[ "${lines[4]}" = "Nothing was removed." ]
	[ -e reports/nightly/rehearsal-7/report.html ]
	nida purge --older-than 90d --dry-run --json | jq -es '.[1].rehearsal == "rehearsal-7" and .[1].reports == 6'
	run --separate-stderr nida purge --older-than 90d --yes
	[ "$status" -eq 0 ]
	[[ "$output" == *"Removed: the reports of a rehearsal, reports/nightly/rehearsal-7"* ]]
	[[ "$output" == *"personal data of 2 rows, and 18 files"* ]]
	[ -z "$(traces Zamzamiyya KEYMARK 71717)" ]
	[ "$(ls reports/nightly)" = rehearsal-mine ]
}

@test "younger rehearsals stay; old ones go even where no run is left to purge" {
	rehearsed_run
	touch -d 2027-02-20 reports/nightly/rehearsal-8
	nida purge --older-than 90d --yes
	[ "$(ls reports/nightly)" = rehearsal-8 ]
	touch -d 2026-11-22 reports/nightly/rehearsal-8
	run --separate-stderr nida purge --older-than 90d
	[ "$status" -eq 2 ]
	[[ "$stderr" == *"say --yes"* ]]
	run --separate-stderr nida purge --older-than 90d --yes
	[ "$status" -eq 0 ]
	[[ "$output" == *"Removed by $(id -un): the reports of 1 rehearsal, 6 files."* ]]
	[ -z "$(ls reports/nightly)" ]
}

@test "--person: the rehearsals that hold the person go, the others stay" {
	rehearsed_run
	run --separate-stderr nida purge --person +96890717171 --dry-run
	[ "$status" -eq 0 ]
	[[ "$output" == *"reports of a rehearsal: reports/nightly/rehearsal-7"* ]]
	[[ "$output" != *rehearsal-8* ]]
	nida purge --person +96890717171 --yes
	[ -z "$(traces 'Zamzamiyya One' KEYMARK-1 0717171)" ]
	[ ! -e reports/nightly/rehearsal-7 ]
	[ -e reports/nightly/rehearsal-8/report.html ]
}

@test "--person: a rehearsal that has results.csv alone is found as well" {
	rehearsed_run
	rm reports/nightly/rehearsal-7/{report.html,results.jsonl,follow-up.csv,rejects.csv,summary.json}
	nida purge --person +96890717171 --yes
	[ ! -e reports/nightly/rehearsal-7 ]
}

@test "--person: masked reports are removed, and that is said before and after" {
	rehearsed_run
	nida report nightly.yaml --mask --keep balance --run "$(run_name)"
	masked=reports/nightly/$(run_name)-masked
	[ -e $masked/report.html ]
	run --separate-stderr nida purge --person +96890717171 --dry-run
	[[ "$output" == *"  masked reports, removed: $masked"* ]]
	[ -e $masked/report.html ]
	nida purge --person +96890717171 --dry-run --json | jq -es '.[0].masked_reports == 4 and .[0].reports == 6'
	run --separate-stderr nida purge --person +96890717171 --yes
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"Removed, not written anew: the masked reports in "*"$masked"* ]]
	[ ! -e $masked ]
	[ -e "reports/nightly/$(run_name)/report.html" ]
}
