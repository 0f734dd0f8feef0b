#!/usr/bin/env bats
# What becomes of the ledger's file, and of what is printed, from outside.

load helper

setup() {
	begin_test
	clock 600
	list 3
	campaign night </dev/null
}

teardown() {
	end_test
}

@test "a ledger whose content is gone is not begun anew: nobody is called again" {
	start_sim --answer 100%
	nida run night.yaml --yes
	before=$(asked_count)
	: >nida.db
	run -1 nida run night.yaml --yes
	[[ $output == *"nida.db is empty, but a campaign was run with it: "*"nida.db.night.lock is there."* ]]
	[ "$(asked_count)" -eq "$before" ]
	[ ! -s nida.db ]
	# Whoever wants to begin afresh says so.
	rm nida.db.night.lock
	nida run night.yaml --yes
	[ "$(asked_count)" -eq $((2 * before)) ]
}

@test "an empty file that no campaign was run with is a new ledger" {
	start_sim --answer 100%
	: >nida.db
	nida run night.yaml --yes
	facts 'complete()'
}

@test "a second name of the ledger is refused by whoever would change it" {
	start_sim --answer 100%
	nida run night.yaml --yes --limit 1 || [ $? -eq 3 ]
	ln nida.db other.db
	run -2 nida pause night.yaml --ledger other.db
	[[ $output == *"other.db has 2 names (hard links)"* ]]
	run -0 nida status night.yaml --ledger other.db
}

@test "results that cannot be written are a failure; a reader who goes is none" {
	run -1 --separate-stderr bash -c '"$1" --version >/dev/full' - "$NIDA_BUILD/nida"
	[[ $stderr == *"not all could be written to standard output"* ]]
	start_sim --answer 100%
	nida run night.yaml --yes
	run -1 bash -c '"$1" status night.yaml >/dev/full' - "$NIDA_BUILD/nida"
	run -0 bash -c '"$1" audit night.yaml --json | head -c 1 >/dev/null; exit "${PIPESTATUS[0]}"' - "$NIDA_BUILD/nida"
}

@test "many runners of a new ledger, started together: one runs, the others exit with 5" {
	start_sim --answer 100% --talk 60s-60s
	local i codes=
	for i in 1 2 3 4 5 6; do
		"$NIDA_BUILD/nida" run night.yaml --yes >"out.$i" 2>&1 3>&- &
		started+=("$!")
	done
	for i in "${started[@]:1}"; do
		local code=0
		wait "$i" || code=$?
		codes="$codes $code"
	done
	[ "$(tr ' ' '\n' <<<"$codes" | sort | tr -d '\n')" = 055555 ] || {
		echo "$codes"
		cat out.*
		return 1
	}
	facts 'each_once()' 'complete()'
}
