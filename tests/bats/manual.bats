#!/usr/bin/env bats
# The manuals, the completions and --help say the same, and they say what nida does.

load helper

setup() {
	begin_test
	SHARE=$TESTS/../src/share
}

teardown() {
	end_test
}

manual() {
	"$PYTHON" -IS "$TESTS/support/manual.py" "$@"
}

# Every verb with its options as --help has them: {"verb": {"option": takes a value}}.
ask_for_help() {
	local verb
	for verb in $(nida --help | awk '$1 == "nida" && $2 ~ /^[a-z-]+$/ && NF > 2 && /^  nida/ {print $2}'); do
		nida "$verb" --help | sed -n 's/^  --\([a-z-]*\)\( [^ ][^ ]*\)\{0,1\}  *.*/\1 \2/p' |
			sed "s/^/$verb /"
	done >help.txt
}

@test "--help, nida(1) and both completions have the same verbs and options" {
	ask_for_help
	[ "$(wc -l <help.txt)" -gt 50 ]
	manual options "$SHARE/man/nida.1" "$SHARE/completions/nida.bash" "$SHARE/completions/_nida" >said.json
	facts '(said := json.load(open("said.json"))) != {}' \
		'(lines := [line.split() for line in open("help.txt")]) != []' \
		'(verbs := {line[0]: {l[1] for l in lines if l[0] == line[0]} for line in lines}) != {}' \
		'{v: set(o) | {"help"} for v, o in said["man"]["verbs"].items()} == verbs' \
		'set(said["man"]["described"]) >= set(verbs)' \
		'set(said["man"]["explained"]) == set.union(*verbs.values()) | {"version"}' \
		'{v: set(o) for v, o in said["bash"]["verbs"].items()} == verbs' \
		'sorted(said["bash"]["listed"]) == sorted(verbs)' \
		'{v: set(o) for v, o in said["zsh"]["verbs"].items()} == verbs' \
		'sorted(said["zsh"]["listed"]) == sorted(verbs)' \
		'set(said["zsh"]["known"]) == set.union(*verbs.values())' \
		'(valued := {l[1] for l in lines if len(l) > 2}) != set()' \
		'set(said["bash"]["with_value"]) == valued' \
		'set(said["zsh"]["with_value"]) == valued'
}

@test "every key that is read is in nida-campaign(5), with its type, its default and an example" {
	manual keys "$SHARE/man/nida-campaign.5" "$TESTS"/../src/load/*.c >keys.json
	facts '(k := json.load(open("keys.json"))) != {}' \
		'(documented := {**k["documented"]["campaign"], **k["documented"]["scenario"]}) != {}' \
		'sorted(set(k["read"]) - documented.keys() - {"ar", "en"}) == []' \
		'sorted(documented.keys() - set(k["read"])) == []' \
		'sorted(set(k["read"]) - set(k["examples"][0]) - set(k["examples"][1])) == []' \
		'sorted(n for n, d in k["documented"]["campaign"].items() if not d["type"].startswith(":")) == []' \
		'sorted(n for n, d in k["documented"]["campaign"].items() if "default" not in d["text"].lower() and "required" not in d["text"].lower()) == []'
}

@test "the whole examples of nida-campaign(5) are good" {
	manual examples "$SHARE/man/nida-campaign.5" .
	printf 'account_no,mobile,customer_name,lang,tz,consent,balance,due_date,plan\n1,+96890010001,Salim,en,Asia/Muscat,yes,1.500,2030-12-01,gold\n' >customers.csv
	echo +96890010009 >do-not-call.csv
	printf '#!/bin/sh\n' >notify.sh
	chmod +x notify.sh
	still_clock 2030-11-20T10:00:00+04:00
	run -0 nida check campaign.yaml
	[[ $output != *error* && $output != *warning* ]]
	[[ $output == *"rows       1: 1 can be called, 0 are skipped"* ]]
}

@test "the manuals are good mdoc" {
	# What is not installed here is no fault of theirs.
	run mandoc -T lint -W style "$SHARE/man/nida.1" "$SHARE/man/nida-campaign.5"
	run ! grep -v 'referenced manual not found\|outdated mandoc.db' <<<"$output"
}

@test "the completions are good bash, and name files where files go" {
	bash -n "$SHARE/completions/nida.bash"
	touch night.yaml other.txt
	complete_words() {
		bash -c 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _nida; printf "%s\n" "${COMPREPLY[@]}"' \
			"$SHARE/completions/nida.bash" "$@"
	}
	[ "$(complete_words nida sta)" = status ]
	[ "$(complete_words nida status --w)" = --watch ]
	[ "$(complete_words nida status ni)" = night.yaml ]
	touch numbers.csv
	[ "$(complete_words nida suppress im)" = import ]
	[ "$(complete_words nida suppress import nu)" = numbers.csv ]
	[ -z "$(complete_words nida suppress add nu)" ]
}
