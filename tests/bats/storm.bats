#!/usr/bin/env bats
# The storm over HTTP: the real program, killed for real, against a simulator with faults; and the
# order of things on the disk and on the wire, as the kernel saw it.

load helper

setup() {
	begin_test
}

teardown() {
	end_test
}

@test "SIGKILL thirty times in a campaign of 200 rows, with faults on every request" {
	local i
	clock 60
	list 200
	campaign night <<-EOF
		pace: {calls_per_minute: 240, live: 60}
		retry: {attempts: 2, on: {no_answer: [1m], failed: [1m]}}
		in_doubt: {settle: 3m, then: redial}
	EOF
	start_sim --answer 55% --no-answer 35% --failed 10% --seed "${STORM_SEED:-9}" \
		--fault lost-answer=6%,error-500=4%,html-502=3%,too-many=5%,late-creation=3% \
		--fault late-by=60s,retry-after=2s,read-error=3%,duplicate-row=3%,late-transcript=5%
	for i in {1..30}; do
		start_run night.yaml
		wait_until asked $(($(asked_count) + 1 + RANDOM % 8)) || break
		read -r -t "0.0$((RANDOM % 9))" <> <(:) || true
		kill -9 "$runner" 2>/dev/null || break # over before
		wait "$runner" || true
	done
	[ "$i" -eq 30 ]
	local code=0
	nida run night.yaml || code=$?
	# 6: a lost answer near the end of the list leaves no later call that could prove anything.
	[ "$code" -eq 0 ] || [ "$code" -eq 6 ]
	facts 'twice_at_once() == []' 'len(results()) == 200' \
		'max(len(of(n)) for n in numbers()) <= 2' \
		'all(len(of(n)) == 1 for n in numbers() if of(n)[0].status == "COMPLETED")' \
		'{r["state"] for r in results()} <= {"done", "in_doubt"}' \
		'all(r["reason"] for r in results())'
}

@test "the intent has reached the disk before the first byte of its POST leaves" {
	command -v strace >/dev/null || skip "strace is not installed"
	# LeakSanitizer cannot work under ptrace.
	export ASAN_OPTIONS=detect_leaks=0
	clock 20
	list 5
	campaign night <<<'pace: {calls_per_minute: 60, live: 100}'
	start_sim --answer 100%
	timeout -s KILL 60 strace -f -o trace -s 65536 -e trace=fdatasync,fsync,sendto,write,pwrite64,writev \
		-e signal=none "$NIDA_BUILD/nida" run night.yaml
	# For every POST that places a call: its reference was written to the ledger's log, and that was
	# synced, before the POST was sent.
	"$PYTHON" -IS - <<-'EOF'
		import re
		written, synced, posts = set(), set(), 0
		for line in open("trace", errors="replace"):
		    call = re.match(r"\d+\s+(\w+)\(", line)
		    if not call:
		        continue
		    refs = set(re.findall(r'nidaRef\\":\s*\\"([0-9a-f]{32})', line))
		    if call[1] == "pwrite64":
		        written |= refs
		    elif call[1] in ("fdatasync", "fsync") and line.rstrip().endswith("= 0"):
		        synced |= written
		    elif refs and "POST /v1" in line or refs and call[1] in ("sendto", "write", "writev"):
		        posts += 1
		        assert refs <= synced, f"{refs} was sent before it was synced"
		assert posts >= 5, f"only {posts} placings were seen"
	EOF
}
