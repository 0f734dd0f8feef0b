#!/usr/bin/env bats
# nida hamsa: what Hamsa itself says, and what to do when it does not.

load helper

setup() {
	begin_test
}

teardown() {
	end_test
}

agent=d949f13f-40d2-4e48-ac86-b66633070603
project=5f1c9a52-7a3e-4d0f-9a41-6a4b2f0c7d10

fits_80() {
	local line
	while IFS= read -r line; do
		[ "${#line}" -le 80 ] || { echo "wider than 80: $line"; return 1; }
	done <<<"$output"
}

@test "status: reachable, the key good, the project active" {
	start_sim
	run -0 nida hamsa status
	[ "${lines[0]}" = "address    $origin/v1" ]
	[ "${lines[1]}" = "key        accepted" ]
	[ "${lines[2]}" = "project    Simulated project, $project, active" ]
	[ "${#lines[@]}" -eq 3 ]
	run -0 nida hamsa status --json
	[ "$(jq -r '[.ok, .trouble, .project_id, .project, .words] | join("|")' <<<"$output")" = \
		"true|none|$project|Simulated project|" ]
}

# trouble NAME EXIT WORDS: what is said for people and for machines; the key is in neither.
trouble() {
	run -"$2" --separate-stderr nida hamsa status
	[[ $stderr == *"$3"* ]] || { echo "not said: $3"; echo "$stderr"; return 1; }
	[[ $output$stderr != *"$HAMSA_API_KEY"* ]]
	run -"$2" --separate-stderr nida hamsa status --json
	[ "$(jq -r '[.ok, .trouble] | join(" ")' <<<"$output")" = "false $1" ]
	[[ $output$stderr != *"$HAMSA_API_KEY"* ]]
}

@test "status: each failure has its remedy" {
	start_sim --key another
	trouble key_refused 4 "Hamsa answered 401: Invalid API key. Copy the project's secret key again (Hamsa dashboard, API keys) into HAMSA_API_KEY"
	HAMSA_BASE_URL=$origin/wrong trouble not_found 2 "Is HAMSA_BASE_URL right? It ends with /v1, or with the host."
	take_port
	HAMSA_BASE_URL=$closed trouble no_connection 1 "does no firewall or proxy stand in the way?"
	HAMSA_BASE_URL=https://no-such-host.invalid/v1 trouble no_host 1 "have a network and DNS?"
	# Something that speaks, but not TLS.
	HAMSA_BASE_URL=https://${origin#http://}/v1 trouble no_tls 1 "Check this machine's date and its certificates"
	start_sim --deactivated
	trouble deactivated 4 "Hamsa has deactivated the project 'Simulated project' of this key. No call can be placed until it is active again"
	start_sim
	HAMSA_PROJECT_ID=p-1 trouble other_project 2 "The key belongs to project $project, but HAMSA_PROJECT_ID says p-1. Use the key of that project, or unset HAMSA_PROJECT_ID"
}

@test "status: no key, a public key, a key with a blank" {
	start_sim
	HAMSA_API_KEY= run -2 nida hamsa status
	[[ $output == *"HAMSA_API_KEY is not set."* ]]
	HAMSA_API_KEY= run -2 --separate-stderr nida hamsa status --json
	[ "$(jq -r '[.ok, .trouble] | join(" ")' <<<"$output")" = "false settings" ]
	HAMSA_API_KEY=pk_public run -2 nida hamsa status
	[[ $output == *"HAMSA_API_KEY begins with pk_"* ]]
	HAMSA_API_KEY='sk_two words' run -2 nida hamsa status
	[[ $output == *"HAMSA_API_KEY has a blank"* ]]
	[[ $output != *"two words"* ]]
	printf 'HAMSA_API_KEY=from-the-file\n' >other.env
	chmod 600 other.env
	unset HAMSA_API_KEY
	run -0 nida hamsa status --env-file other.env
}

@test "agents: ids, limits and placeholders, at 80 columns" {
	local i
	start_sim --agent "$agent=وكيل التحصيل" --agent "second=A name that is much longer than the room there is for it" \
		--preamble 'Tell {{customerName}} of {{ offer }}, {{offer}}; {{ }} {{broken'
	run -0 nida hamsa agents
	[ "${lines[0]}" = "$agent  $(printf '\u2068وكيل التحصيل\u2069')" ]
	[ "${lines[1]}" = "  language      ar" ]
	[ "${lines[2]}" = "  longest call  5 min" ]
	[ "${lines[3]}" = "  hangs up      after 15 s of silence" ]
	[ "${lines[4]}" = "  placeholders  customerName, offer" ]
	[[ ${lines[5]} == "second "*"…" ]]
	fits_80
	run -0 nida hamsa agents --json
	[ "$(jq -r '[.id, .language, .max_call_s, (.placeholders | join(","))] | join(" ")' <<<"${lines[0]}")" = \
		"$agent ar 300 customerName,offer" ]
}

@test "agents: many, page by page" {
	local i agents=()
	for ((i = 1; i <= 60; i++)); do
		agents+=(--agent "agent-$i")
	done
	start_sim "${agents[@]}"
	run -0 nida hamsa agents --json
	[ "${#lines[@]}" -eq 60 ]
	[ "$(jq -r .id <<<"$output" | sort -u | wc -l)" -eq 60 ]
}

@test "numbers, in a table" {
	start_sim --number +96824000000 --number +96824111111 --twilio-direct
	run -0 nida hamsa numbers
	[ "${lines[0]}" = "NUMBER        TYPE    LABEL           ANSWERED BY" ]
	[ "${lines[1]}" = "+96824000000  TWILIO  Simulated line" ]
	[ "${#lines[@]}" -eq 3 ]
	run -0 nida hamsa numbers --json
	[ "${lines[1]}" = '{"number":"+96824111111","type":"TWILIO","label":"Simulated line","agent_id":""}' ]
}

@test "another Hamsa: short pages, other shapes, few figures" {
	start_other
	run -0 nida hamsa status
	run -0 nida hamsa agents
	[ "${lines[0]}" = "$agent  $(printf '\u2068تحصيل\u2069')" ]
	[ "${lines[2]}" = "  longest call  10 min" ]
	[ "${lines[3]}" = "  placeholders  customerName, accountBalance, dueDate" ]
	[[ $output == *"a-2"*"placeholders  none"*"a-3"*"(without a name)"*"language      ar, en"*"placeholders  offer" ]]
	run -0 nida hamsa numbers
	[ "${lines[1]}" = "96824000000     SIP" ]
	[ "${lines[2]}" = "+968 2411 1111  TWILIO  Second" ]
	run -0 nida hamsa usage
	[ "${lines[1]}" = "credits  3.5" ]
	[ "${lines[2]}" = "media    12" ]
	[ "${#lines[@]}" -eq 3 ]
}

@test "usage: the figures of a span" {
	clock 60
	list 3
	campaign night </dev/null
	start_sim --answer 100%
	nida run night.yaml
	run -0 nida hamsa usage --since 1h
	[[ ${lines[0]} =~ ^FIGURE\ +VALUE\ +UNIT$ ]]
	[[ ${lines[2]} =~ ^requests\ +3\ +requests$ ]]
	run -0 nida hamsa usage --since 1s --json
	[ "$(jq -r '.figures[] | select(.name == "requests").value' <<<"$output")" = 0 ]
	HAMSA_PROJECT_ID=p-1 run -2 nida hamsa usage
	[[ $output == *"Hamsa knows no project p-1."* ]]
	run -2 nida hamsa usage --since yesterday
	[[ $output == *"--since is 'yesterday'; expected a span such as 90m, 24h or 7d."* ]]
	run -2 nida hamsa agents --since 7d
	[[ $output == *"--since has no meaning for \`nida hamsa agents\`."* ]]
}

@test "calls: whose each is" {
	clock 60
	list 2
	campaign night </dev/null
	start_sim --answer 100%
	nida run night.yaml
	nida try night.yaml --to +96891234567 --row A2
	curl -s -H 'Authorization: Token any' "$HAMSA_BASE_URL/voice-agents/phone-number/call" \
		-d '{"toNumber":"+96892222222","phoneNumber":"+96824000000","voiceAgentId":"x","params":{}}'
	run -0 nida hamsa calls
	[ "${#lines[@]}" -eq 6 ]
	[[ ${lines[0]} =~ ^Sun\ 22\ Nov\ 1[0-9]:[0-9]{2}:[0-9]{2}\ \ COMPLETED\ \ \ \ \+96890010001\ \ \ \ \ \ night\ A1$ ]]
	[[ $output == *"+96891234567      try"* ]]
	[[ $output == *"+96892222222      foreign"* ]]
	[ "${lines[4]}" = "4 calls: 2 of runs, 1 by nida try, 1 foreign." ]
	[ "${lines[5]}" = "Times are Asia/Muscat." ]
	fits_80
	run -0 nida hamsa calls --json
	[ "$(jq -r '[.owner, .campaign, .run, .key, .attempt] | map(tostring) | join(" ")' <<<"${lines[0]}")" = \
		"run night $(run_name) A1 1" ]
	# Without a ledger nothing can be told apart, and nothing is made.
	mkdir elsewhere && cd elsewhere
	run -0 --separate-stderr nida hamsa calls
	[[ $stderr == "There is no nida.db here"* ]]
	[[ $output == *"4 calls: 0 of runs"*"4 foreign."* ]]
	[ ! -e nida.db ]
	run -0 nida hamsa calls --ledger ../nida.db --since 24h
	[[ $output == *"4 calls: 2 of runs"* ]]
}

@test "calls: several pages" {
	clock 600
	list 450
	campaign night <<<'pace: {calls_per_minute: 6000, live: 1000}'
	start_sim --answer 100% --fault duplicate-row=2%
	nida run night.yaml
	run -0 nida hamsa calls --json
	[ "$(jq -r .key <<<"$output" | sort -u | wc -l)" -eq 450 ]
}

@test "what cannot be asked is said, exit 2" {
	run -2 nida hamsa
	run -2 nida hamsa balance
	[[ $output == *"'balance' is nothing to ask Hamsa; expected status, agents, numbers, usage or calls."* ]]
}
