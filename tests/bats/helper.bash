# What the tests of the verbs share: a folder for each test, a simulator of its own, a clock that runs
# fast, campaigns and lists written from a few words, and the facts that the simulator recorded.
#
# Every test works in $BATS_TEST_TMPDIR; what it starts is ended by its process id in end_test.

bats_require_minimum_version 1.5.0

TESTS=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
# Debian's own where there is one: a wrapper in front of it would cost more than what is asked of it.
PYTHON=/usr/bin/python3
[ -x "$PYTHON" ] || PYTHON=python3
NIDA_BUILD=$(cd "${NIDA_BUILD:-$TESTS/../build}" && pwd)

# What whoever starts the tests has set for other purposes is not what they are about.
clean_environment() {
	local name
	for name in "${!NIDA_@}" "${!HAMSA_@}" "${!TWILIO_@}"; do
		case $name in
		NIDA_BUILD | TWILIO_OPENAPI) ;;
		*) unset "$name" ;;
		esac
	done
	unset TZ TZDIR NO_COLOR http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
	export LC_ALL=C.UTF-8
	umask 022
}

begin_test() {
	cd "$BATS_TEST_TMPDIR" || return
	started=()
	clean_environment
	export HAMSA_API_KEY=a-key-of-the-tests
	export HAMSA_VOICE_AGENT_ID=d949f13f-40d2-4e48-ac86-b66633070603
	export HAMSA_PHONE_NUMBER=+96824000000
	cp "$TESTS/fixtures/verbs/reminder.yaml" scenario.yaml
}

end_test() {
	local pid
	for pid in "${started[@]}"; do
		kill -9 "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	for pid in $(left_behind); do
		kill -9 "$pid" 2>/dev/null || true
		wait_until is_over "$pid"
	done
}

# What this test began behind a terminal, a pipe or a time limit, and has not ended: closing the terminal
# does not end it. Known by its program and its folder.
left_behind() {
	local process
	for process in /proc/[0-9]*; do
		if [ "$process/exe" -ef "$NIDA_BUILD/nida" ] && [ "$process/cwd" -ef "$BATS_TEST_TMPDIR" ]; then
			echo "${process#/proc/}"
		fi
	done
}

# end_sim: the simulator is gone, and writes no more to the record.
end_sim() {
	kill "$sim"
	wait "$sim" || true
}

# One that does not end is a failure, not a suite that hangs. (Whoever passes pays nothing for a bound that
# a busy machine does not reach.)
nida() {
	timeout -s KILL 180 "$NIDA_BUILD/nida" "$@"
}

# wait_until COMMAND...: poll a condition, at most about two minutes.
wait_until() {
	local end=$((SECONDS + 120))
	while ! "$@" >/dev/null 2>&1; do
		if [ "$SECONDS" -ge "$end" ]; then
			echo "waited in vain for: $*"
			return 1
		fi
		read -r -t 0.01 <> <(:) || true
	done
}

is_over() {
	! kill -0 "$1" 2>/dev/null
}

# clock SPEED [START]: from now on nida and what it talks to live in this time.
clock() {
	local LC_ALL=C
	export NIDA_CLOCK="${2:-2026-11-22T10:00:00+04:00}x$1@$EPOCHREALTIME"
}

# still_clock [START]: each nida that starts finds this moment.
still_clock() {
	export NIDA_CLOCK=${1:-2026-11-22T10:00:00+04:00}
}

# start_sim [OPTION...]: customers who answer at once and talk briefly, unless an option says more.
start_sim() {
	rm -f port
	"$NIDA_BUILD/nida-sim" --port 0 --port-file port --record record --ring 2s-8s --talk 5s-20s \
		"$@" >sim.out 2>sim.log 3>&- &
	sim=$!
	started+=("$sim")
	wait_until test -s port
	origin=http://127.0.0.1:$(cat port)
	export HAMSA_BASE_URL=$origin/v1
}

# start_other [OPTION...]: the other Hamsa (support/other_hamsa.py).
start_other() {
	rm -f port
	"$PYTHON" -IS "$TESTS/support/other_hamsa.py" --port-file port --record record "$@" \
		>other.out 2>other.log 3>&- &
	started+=("$!")
	wait_until test -s port
	origin=http://127.0.0.1:$(cat port)
	export HAMSA_BASE_URL=$origin/v1
}

# take_port: $closed is the address of a Hamsa that nobody can reach (support/closed_port.py).
take_port() {
	rm -f closed
	"$PYTHON" -IS "$TESTS/support/closed_port.py" closed 3>&- &
	started+=("$!")
	wait_until test -s closed
	closed=http://127.0.0.1:$(cat closed)/v1
}

# start_run CAMPAIGN [OPTION...]: nida run beside the test; its streams go to the files out and err.
start_run() {
	"$NIDA_BUILD/nida" run "$@" >out 2>err 3>&- &
	runner=$!
	started+=("$runner")
}

# await_exit CODE: the run that was started last ends with this code.
await_exit() {
	local code=0
	wait_until is_over "$runner"
	wait "$runner" || code=$?
	if [ "$code" -ne "$1" ]; then
		echo "nida run ended with $code, not with $1:"
		cat out err
		return 1
	fi
}

# on_terminal TEXT ACTION [ARGUMENT...]: nida on a terminal of its own (support/on_terminal.py).
on_terminal() {
	local text=$1 action=$2
	shift 2
	TERM=xterm "$PYTHON" -IS "$TESTS/support/on_terminal.py" "$text" "$action" "$NIDA_BUILD/nida" "$@"
}

# campaign NAME <<LINES: NAME.yaml, whose keys are those of the lines and sensible ones for the rest.
campaign() {
	local name=$1 key value own
	own=$(cat)
	{
		while IFS='|' read -r key value; do
			grep -q "^$key:" <<<"$own" || echo "$key: $value"
		done <<-EOF
			campaign|$name
			scenario|scenario.yaml
			list|{file: customers.csv, phone: mobile, key: account_no, language: lang, country: OM}
			from|\${HAMSA_PHONE_NUMBER}
			agent|\${HAMSA_VOICE_AGENT_ID}
			params|{customerName: "{{customer_name}}", accountBalance: "{{balance}}", dueDate: "{{due_date}}"}
			pace|{calls_per_minute: 600, live: 100}
			hours|{timezone: Asia/Muscat, open: {sat-fri: ["00:00-24:00"]}}
			guard|{breaker: {failures: 100%, of_last: 1000}}
			poll|2s
			in_doubt|{settle: 30s, then: redial}
			report|{dir: reports}
		EOF
		echo "$own"
	} >"$name.yaml"
}

# list N [FIRST]: customers.csv with N good rows, in Arabic and English by turns.
list() {
	local i first=${2:-1}
	echo account_no,mobile,customer_name,lang,balance,due_date >customers.csv
	for ((i = first; i < first + $1; i++)); do
		if ((i % 2)); then
			echo "A$i,+968900$((10000 + i)),سالم $i,ar,$i.500,2026-12-01"
		else
			echo "A$i,900$((10000 + i)),\"Salim, $i\",en,$i.250,02/12/2026"
		fi
	done >>customers.csv
}

# facts EXPRESSION...: each must be true of the record, the list and the report (facts.py says what
# there is to speak of).
facts() {
	"$PYTHON" -IS "$TESTS/fixtures/verbs/facts.py" "$@"
}

# chance: RANDOM goes on from a seed, which is shown when the test fails; TEST_SEED=N does it again.
chance() {
	: "${TEST_SEED:=$((EPOCHSECONDS % 32768))}"
	RANDOM=$TEST_SEED
	echo "TEST_SEED=$TEST_SEED"
}

# asked_or_over N: so many placings have arrived, or there will be no more of this runner.
asked_or_over() {
	asked "$1" || is_over "$runner"
}

# asked N: that many placings have arrived at the provider.
asked() {
	[ "$(grep -c '"event":"asked"' record)" -ge "$1" ]
}

asked_count() {
	grep -c '"event":"asked"' record || true
}

# ledger SQL: what the ledger says; NULL when there is none yet.
ledger() {
	sqlite3 -readonly -cmd '.timeout 5000' nida.db "$1"
}

# run_name [ID]: what the run is called. A slow start may have taken it into the next minute of its clock.
run_name() {
	ledger "SELECT name FROM run WHERE id = ${1:-1}"
}

counts() {
	[ "$(ledger "SELECT count(*) FROM contact WHERE $1")" -ge "${2:-1}" ]
}

# none CONDITION: there is no such contact.
none() {
	[ "$(ledger "SELECT count(*) FROM contact WHERE $1")" -eq 0 ]
}

# What was decided before the placing stopped has been answered by the provider: from now on its record
# says all. To be waited for before anything is said of how many calls there are.
all_answered() {
	none "state = 'placing'"
}

# why_is PATTERN: what nida status gives as the reason for not dialling.
why_is() {
	nida status night.yaml | grep -q "^why .*$1"
}

# The runner has looked around for so many seconds of its own time, and said so.
looked_around() {
	[ "$(ledger 'SELECT noted_ms FROM runner')" -ge "$1" ]
}
