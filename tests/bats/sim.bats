#!/usr/bin/env bats
# nida-sim as a program: start, requests over HTTP, lost answers, the record, signals.

load helper

setup() {
	clean_environment
	sim=$NIDA_BUILD/nida-sim
	cd "$BATS_TEST_TMPDIR" || return
	pid=
}

teardown() {
	if [ -n "$pid" ]; then
		kill "$pid"
		wait "$pid"
	fi
}

start() {
	"$sim" --port 0 --port-file port --record record "$@" >out 2>log 3>&- &
	pid=$!
	wait_until test -s port
	origin=http://127.0.0.1:$(cat port)
}

hamsa() {
	local target=$1
	shift
	curl -s -H 'Authorization: Token any' "$origin$target" "$@"
}

place() {
	hamsa /v1/voice-agents/phone-number/call -H 'Content-Type: application/json' \
		-d '{"toNumber":"+96891234567","phoneNumber":"+96824000000","voiceAgentId":"a",
		"params":{"scenario":"payment-reminder","language":"ar","customerName":"سالم"}}'
}

status_is() {
	[ "$(hamsa "/v1/voice-agents/conversation/$1" | jq -r .data.status)" = "$2" ]
}

@test "says where it listens, first of all, and writes the port file" {
	start
	[ "$(head -1 out)" = "nida-sim listening on $origin/v1" ]
	[ ! -e port.new ]
}

@test "it listens on 127.0.0.1 only" {
	start
	run curl -s "http://127.0.0.2:$(cat port)/sim/requests"
	[ "$status" -eq 7 ] # curl: could not connect
}

@test "a call is placed, followed to its end, and read" {
	start --answer 100% --ring 10ms --talk 50ms
	id=$(place | jq -r .data.jobId)
	[ "${#id}" -eq 36 ]
	wait_until status_is "$id" COMPLETED
	hamsa "/v1/voice-agents/conversation/$id" >call
	[ "$(jq -r .data.params.customerName call)" = "سالم" ]
	[ "$(jq '.data.jobResponse.transcription | length' call)" -ge 2 ]
	curl -s "$(jq -r .data.mediaUrl call)" -o call.wav
	[ "$(head -c 4 call.wav)" = RIFF ]
	curl -s -r 0-3 -w '%{http_code}' "$(jq -r .data.mediaUrl call)" >range
	[ "$(cat range)" = RIFF206 ]
}

@test "a live call is terminated" {
	start --answer 100% --ring 1h
	id=$(place | jq -r .data.jobId)
	status_is "$id" PENDING
	hamsa "/v1/voice-agents/conversation/$id/terminate" | jq -e .success
	status_is "$id" TERMINATED
}

@test "Twilio shows the live call as a trunk call and ends it" {
	account=AC0123456789abcdef0123456789abcdef
	calls=/2010-04-01/Accounts/$account/Calls
	start --answer 100% --ring 1ms --talk 1h
	id=$(place | jq -r .data.jobId)
	wait_until status_is "$id" IN_PROGRESS
	curl -s -u "$account:t" "$origin$calls.json?Status=in-progress" >live
	[ "$(jq -r '.calls[0].direction' live)" = trunking-terminating ]
	sid=$(jq -r '.calls[0].sid' live)
	curl -s -u "$account:t" -d Status=completed "$origin$calls/$sid.json" >ended
	[ "$(jq -r .status ended)" = completed ]
	status_is "$id" COMPLETED
	[ "$(curl -s -u "$account:wrong" "$origin/2010-04-01/Accounts/AC0/Calls.json" | jq .code)" = 20003 ]
}

@test "a lost answer closes the connection, and the call exists" {
	start --fault lost-answer=100% --ring 1h
	run place
	[ "$status" -eq 52 ] # curl: empty reply from server
	[ "$(curl -s "$origin/sim/record" | jq '.calls | length')" -eq 1 ]
	[ "$(curl -s "$origin/sim/record" | jq '.calls[0].created_ms > 0')" = true ]
}

@test "a lost request closes the connection, and no call exists" {
	start --fault lost-request=100%
	run place
	[ "$status" -eq 52 ]
	[ "$(curl -s "$origin/sim/record" | jq '.calls[0].created_ms')" -eq 0 ]
	[ "$(hamsa /v1/voice-agents/conversations/minimal-list | jq .data.filtered)" -eq 0 ]
}

@test "429 says for how long" {
	start --fault too-many=100%,retry-after=7s
	place >/dev/null
	curl -s -D headers -o body -H 'Authorization: Token any' \
		-d '{"toNumber":"+96891234567","voiceAgentId":"a"}' "$origin/v1/voice-agents/call"
	grep -q '^HTTP/1.1 429' headers
	grep -qi '^retry-after: 7' headers
}

@test "the record is complete while it runs and after it was killed" {
	start --answer 100% --ring 1ms --talk 1ms
	place >/dev/null
	wait_until grep -q '"event":"ended"' record
	kill -9 "$pid"
	wait "$pid" || true
	pid=
	[ "$(jq -rs 'map(.event) | join(" ")' record)" = "asked created answered ended" ]
}

@test "a body that is too large is refused, and nobody is called" {
	start
	head -c 3000000 /dev/zero | tr '\0' ' ' >body
	code=$(hamsa /v1/voice-agents/call -o /dev/null -w '%{http_code}' --data-binary @body)
	[ "$code" = 413 ]
	[ "$(curl -s "$origin/sim/record" | jq '.calls | length')" -eq 0 ]
}

@test "it lives in the time that NIDA_CLOCK gives" {
	NIDA_CLOCK=2026-01-02T03:04:05Zx3600 start --answer 100% --ring 10s --talk 60s
	id=$(place | jq -r .data.jobId)
	wait_until status_is "$id" COMPLETED
	hamsa "/v1/voice-agents/conversation/$id" >call
	[ "$(jq -r '.data.createdAt[0:10]' call)" = 2026-01-02 ]
	[ "$(jq .data.callDuration call)" -eq 60 ]
}

@test "SIGTERM and SIGINT end it with status 0" {
	for signal in TERM INT; do
		rm -f port
		start
		kill -s "$signal" "$pid"
		wait "$pid" # fails the test with any other status
		pid=
	done
}

@test "the log masks phones and tells no key" {
	start --log --key s3cret
	curl -s -H 'Authorization: Token s3cret' -d '{"toNumber":"+96891234567","voiceAgentId":"a"}' \
		"$origin/v1/voice-agents/call" >/dev/null
	wait_until grep -q 'POST /v1/voice-agents/call' log
	[ "$(grep -c 91234567 log)" -eq 0 ]
	[ "$(cat log out | grep -c s3cret)" -eq 0 ]
}

@test "a wrong command line says what is wrong, and exits with 2" {
	run "$sim" --fault lots=6%
	[ "$status" -eq 2 ]
	[[ $output == *"--help lists them all"* ]]
	run "$sim" --help
	[ "$status" -eq 0 ]
	[[ $output == *Examples:* ]]
}

@test "a port that is taken is an error that says so" {
	start
	run "$sim" --port "$(cat port)"
	[ "$status" -eq 1 ]
	[[ $output == *"Cannot listen on 127.0.0.1 port"*"in use"* ]]
}
