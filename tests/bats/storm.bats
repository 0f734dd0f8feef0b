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
	local killed=0 code
	clock 60
	list 200
	campaign night <<-EOF
		pace: {calls_per_minute: 120, live: 60}
		retry: {attempts: 2, on: {no_answer: [1m], failed: [1m]}}
		in_doubt: {settle: 3m, then: redial}
	EOF
	start_sim --answer 55% --no-answer 35% --failed 10% --seed "${STORM_SEED:-9}" \
		--fault lost-answer=6%,error-500=4%,html-502=3%,too-many=5%,late-creation=3% \
		--fault late-by=60s,retry-after=2s,read-error=3%,duplicate-row=3%,late-transcript=5%
	chance
	while [ "$killed" -lt 30 ]; do
		start_run night.yaml
		wait_until asked_or_over $(($(asked_count) + 1 + RANDOM % 8))
		read -r -t "0.0$((RANDOM % 9))" <> <(:) || true
		kill -9 "$runner" 2>/dev/null || true
		code=0
		wait "$runner" || code=$?
		# Over before: on a machine that let the test sleep. What follows would prove nothing more.
		[ "$code" -eq 137 ] || break
		killed=$((killed + 1))
	done
	echo "killed $killed times; the last exit code is $code"
	[[ $code =~ ^(0|6|137)$ ]]
	[ "$killed" -ge 15 ]
	code=0
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
	timeout -s KILL 180 strace -f -o trace -s 65536 -e trace=fdatasync,fsync,sendto,write,pwrite64,writev \
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

@test "a disk that fills up stops the placing before the next POST, says why, and loses nothing" {
	clock 60
	list 40
	campaign night <<<'pace: {calls_per_minute: 120, live: 100}'
	start_sim --answer 100%
	# No file may grow beyond 160 KiB: what a full disk looks like to the ledger.
	local code=0
	(
		trap '' XFSZ
		ulimit -f 320
		exec timeout -s KILL 180 "$NIDA_BUILD/nida" run night.yaml
	) >out 2>err || code=$?
	[ "$code" -eq 1 ]
	grep -q "nida.db: the ledger cannot be used: .*Make room on the disk" err
	# Whoever was asked for had its intent in the ledger.
	facts 'len(calls()) > 0' 'lag() >= 0'
	nida run night.yaml
	facts 'complete()' 'each_once()' 'twice_at_once() == []'
}

@test "a ledger that cannot be written dials nobody and says why" {
	[ "$(id -u)" -ne 0 ] || skip "root may write everything"
	clock 60
	list 3
	campaign night
	start_sim
	nida run night.yaml --limit 1 || [ $? -eq 3 ]
	chmod 400 nida.db
	run -1 nida run night.yaml
	[[ $output == *"the ledger cannot be used"* ]]
	facts 'len(calls()) == 1'
}

@test "a damaged ledger is not written over, and dials nobody" {
	clock 60
	list 3
	campaign night
	start_sim
	head -c 20000 /dev/urandom >nida.db
	cp nida.db before.db
	run -1 nida run night.yaml
	[[ $output == *"damaged"* ]]
	cmp nida.db before.db
	[ ! -s record ]
}

@test "settle: what stayed in doubt is listed, and a person decides" {
	clock 60
	list 2
	campaign night <<<'in_doubt: {settle: 5s, then: hold}'
	start_sim --answer 100% --fault lost-request=100%
	run -6 nida run night.yaml
	[[ $output == *"stay in doubt"* ]]
	run -0 nida status night.yaml
	[[ $output == *"in_doubt"*"A1"* ]]
	run -0 nida settle night.yaml
	[[ $output == *"A1 "*"+96890010001"* && $output == *"A2 "* ]]
	run -2 nida settle night.yaml A1
	[[ $output == *"--called or --not-called"* ]]
	run -2 nida settle night.yaml nobody --called
	[[ $output == *"Nothing is in doubt about nobody"* ]]
	run -0 nida settle night.yaml A1 --called
	[[ $output == "The row is done; it is not called again." ]]
	run -0 nida settle night.yaml A2 --not-called
	[[ $output == "The row is pending again; the next \`nida run\` calls it." ]]
	run -0 nida events night.yaml A1
	[[ $output == *"A person says"* || $output == *"lost"* ]]
	kill "${started[0]}"
	wait "${started[0]}" || true
	start_sim --answer 100% --seed 77
	run -0 nida run night.yaml
	facts 'numbers() == ["+96890010002"]'
}
