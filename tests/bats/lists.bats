#!/usr/bin/env bats
# Broken files as people really have them: each is answered with exit 2, its name, the line where there is
# one, and a sentence that says what to do. Nothing of them reaches the ledger.
#
# fixtures/lists/answers and fixtures/campaigns/answers hold, for each file, a line "== FILE [VARIABLE=…]"
# and the exact answer below it.

load helper

setup() {
	begin_test
	still_clock
}

teardown() {
	end_test
}

# answers FOLDER LEAST: every file of the folder stands in its table, and is answered as the table says.
answers() {
	local folder=$TESTS/fixtures/$1 file options
	find "$folder" -type f ! -name answers -printf '%f\n' | sort >there
	sed -n 's/^== \([^ ]*\).*/\1/p' "$folder/answers" | sort >told
	diff there told
	while read -r _ file options; do
		# shellcheck disable=SC2086
		answer "$folder/$file" $options >>found
	done < <(grep '^== ' "$folder/answers")
	diff "$folder/answers" found
	[ "$(grep -c '^== ' found)" -ge "$2" ]
	[ ! -e nida.db ]
	[ ! -e reports ]
}

# answer FILE [encoding=NAME]: what check says of this list.
answer_list() {
	local encoding=${2#encoding=}
	cp "$1" customers.csv
	campaign night <<-EOF
		list: {file: customers.csv, phone: mobile, key: account_no, language: lang, country: OM, encoding: ${encoding:-auto}}
	EOF
	run -2 --separate-stderr nida check night.yaml
}

@test "a good list under the same campaign is fine" {
	list 3
	cp customers.csv good.csv
	answer() { answer_list "$@"; }
	run ! answer good.csv
	nida check night.yaml
}

@test "broken lists: exact answers" {
	answer() {
		answer_list "$@"
		echo "== $(basename "$1")${2:+ $2}"
		echo "$stderr"
		[ -z "$output" ]
	}
	answers lists 40
}

@test "broken campaigns and scenarios: exact answers" {
	# A file is a whole campaign, or a scenario for a good one.
	answer() {
		campaign good </dev/null
		cp good.yaml night.yaml
		cp "$TESTS/fixtures/verbs/reminder.yaml" scenario.yaml
		case $1 in
		*/scenario-*) cp "$1" scenario.yaml ;;
		*) cp "$1" night.yaml ;;
		esac
		run -2 --separate-stderr nida check night.yaml
		echo "== $(basename "$1")"
		echo "$stderr"
		[ -z "$output" ]
	}
	list 3
	answers campaigns 40
}
