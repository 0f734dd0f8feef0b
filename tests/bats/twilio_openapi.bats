#!/usr/bin/env bats
# nida end-call --via twilio against Twilio's own OpenAPI file, served by Prism, which judges every
# request by it. Runs when TWILIO_OPENAPI names that file.

load helper

setup_file() {
	[ -n "${TWILIO_OPENAPI:-}" ] || return 0
	prism=$("$BATS_TEST_DIRNAME/../support/need-prism" "$BATS_TEST_DIRNAME/../../build/prism" 3>&-) || {
		no_prism=$prism
		prism=
	}
	export prism no_prism
}

setup() {
	[ -n "${TWILIO_OPENAPI:-}" ] || skip "TWILIO_OPENAPI does not name Twilio's OpenAPI file"
	[ -n "$prism" ] || skip "$no_prism"
	begin_test
	# The numbers of the file's own example.
	export HAMSA_PHONE_NUMBER=+13051416799
	export TWILIO_ACCOUNT_SID=AC0123456789abcdef0123456789abcdef TWILIO_AUTH_TOKEN=right
	printf '%s\n' account_no,mobile,customer_name,lang,balance,due_date \
		'A1,+13051913581,Salim,en,1.000,2026-12-01' >customers.csv
	campaign night </dev/null
}

teardown() {
	end_test
}

listens_or_over() {
	grep -q 'Prism is listening' prism.log || is_over "$1"
}

# start_prism FILE: Prism has to be told a port, and somebody else may be faster to take it.
start_prism() {
	local port server
	for _ in {1..5}; do
		port=$("$PYTHON" -IS -c 'import socket
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1])')
		"$prism" mock -h 127.0.0.1 -p "$port" "$1" >prism.log 2>&1 3>&- &
		server=$!
		started+=("$server")
		wait_until listens_or_over "$server"
		! grep -q 'Prism is listening' prism.log || break
	done
	grep 'Prism is listening' prism.log
	export TWILIO_BASE_URL=http://127.0.0.1:$port
}

# One call that is up, at the time of the example.
one_live() {
	clock 60 2019-10-18T17:01:30Z
	start_sim --answer 100% --ring 2s-2s --talk 50m-50m "$@"
	start_run night.yaml
	wait_until counts "state = 'live'"
}

# was_asked METHOD PATTERN N: so often, and each request was as the file wants it.
was_asked() {
	run ! grep -q 'did not pass the validation rules' prism.log
	[ "$(grep -c "$1 .*$2.*Request received" prism.log)" -eq "$3" ]
	[ "$(grep -c 'Request received' prism.log)" -eq "$(grep -c 'passed the validation rules' prism.log)" ]
}

@test "a call that Hamsa names is ended by its sid, and said to be live as long as it is" {
	start_prism "$TWILIO_OPENAPI"
	one_live --tell-sid
	run -1 nida end-call night.yaml A1 --via twilio
	[ "${lines[1]}" = "The end of the call of A1 was asked for, but Hamsa still shows it as live." ]
	[ "${lines[2]}" = "nida: 1 of 1 calls could not be ended." ]
	was_asked post "Calls/$(ledger 'SELECT twilio_sid FROM attempt').json" 1
	was_asked get Calls.json 0
}

@test "a call that Hamsa does not name is found among the live ones, and ended" {
	# The same file, but its example is the last page: the link of its own to the next one breaks its
	# own rules.
	jq '(.. | objects | select(has("next_page_uri") and has("calls")) | .next_page_uri) |= null' \
		"$TWILIO_OPENAPI" >last.json
	start_prism last.json
	one_live
	run -1 nida end-call night.yaml A1 --via twilio
	[ "${lines[1]}" = "The end of the call of A1 was asked for, but Hamsa still shows it as live." ]
	was_asked get Calls.json 3
	was_asked post "Calls/CA$(printf 'a%.0s' {1..32}).json" 1
}
