#!/usr/bin/env bats
# What a person sees: nida in a real terminal (tmux) of 80, 120 and 40 columns, resized, with Arabic keys.

load helper

setup() {
	begin_test
	clock 60
	arabic_list 60
	campaign night <<-'EOF'
		pace: {calls_per_minute: 60, live: 100}
		guard: {breaker: {failures: 100%, of_last: 1000}, budget: 25.000}
	EOF
}

teardown() {
	terminal kill-server 2>/dev/null || true
	end_test
}

# Keys with vowel signs, a letter of two columns, and none of either.
arabic_list() {
	local i key
	echo account_no,mobile,customer_name,lang,balance,due_date >customers.csv
	for ((i = 1; i <= $1; i++)); do
		case $((i % 3)) in
		0) key=سَالِم$i ;;
		1) key=日本$i ;;
		2) key=K$i ;;
		esac
		echo "$key,+968900$((10000 + i)),سالم,ar,$i.500,2026-12-01"
	done >>customers.csv
}

terminal() {
	tmux -u -f /dev/null -S "$BATS_TEST_TMPDIR/tmux" "$@" 3>&-
}

# open_terminal COLUMNS LINES: a shell with the prompt "> ".
open_terminal() {
	terminal new-session -d -x "$1" -y "$2" "env PS1='> ' bash --norc --noprofile"
	terminal set-option -g status off
	wait_until shows '^>'
}

type_line() {
	terminal send-keys -l -- "$1"
	terminal send-keys Enter
}

screen() {
	terminal capture-pane -p
}

shows() {
	screen | grep -q -- "$1"
}

runs() {
	type_line "$NIDA_BUILD/nida run night.yaml --yes; echo ended with \$?"
	wait_until shows ' over$'
	wait_until shows ' +968'
}

watches() {
	type_line "$NIDA_BUILD/nida status night.yaml --watch; echo left with \$?"
	wait_until shows 'q leaves$'
}

# fits ROW: the lines that match stand there, several, and have their phones below each other, whatever
# is before them.
fits() {
	screen >screen
	"$PYTHON" -IS - "$1" <<-'EOF'
		import re, sys, unicodedata
		def width(text):
		    return sum(0 if unicodedata.category(c) in ("Mn", "Cf") else
		               2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
		lines = [line for line in open("screen", encoding="utf-8") if re.match(sys.argv[1], line)]
		assert len(lines) >= 5 and len({width(line[:line.index("+968")]) for line in lines}) == 1, lines
	EOF
}

stands_once() {
	[ "$(screen | grep -c -- "$1")" -eq 1 ]
}

one_bar() {
	stands_once '^[█░]' && stands_once ' passed' && stands_once 'spent of 25.000$'
}

resize() {
	terminal resize-window -x "$1" -y "$2"
}

@test "a run in 80 columns: every figure, and Arabic keys take the room they take" {
	start_sim --answer 60% --no-answer 30% --failed 10% --talk 10s-1m
	open_terminal 80 24
	runs
	wait_until fits '  [✓·] '
	wait_until one_bar
	grep -Eq '^[█░]{30} +[0-9]+ %  [0-9]+/60 over$' screen
	grep -Eq '^[0-9]+ calls   [0-9]+ live   [0-9]+ answered \([0-9]+ %\)   [0-9]+ no answer   [0-9]+ failed   0 in doubt$' screen
	grep -Eq '^[0-9]+ of 60 calls a minute   .* passed' screen
	grep -Eq '[0-9.]+ spent of 25.000$' screen
	grep -Eq '^(dialling|not dialling: .*)$' screen
	wait_until shows '^ended with 0$'
	wait_until shows '^The run is finished.$'
	# The last drawing is whole and says the end.
	wait_until shows '^█\{30\} 100 %  60/60 over$'
	facts 'complete()' 'each_once()'
}

@test "a run while the terminal becomes narrow, wide, low and high again" {
	start_sim --answer 100% --talk 20m-20m
	arabic_list 60
	open_terminal 80 24
	type_line "$NIDA_BUILD/nida run night.yaml --yes; echo ended with \$?"
	wait_until shows '/60 over$'
	wait_until shows '60 live'
	local columns
	for columns in 40 120 40 80; do
		resize "$columns" 24
		wait_until one_bar
		wait_until shows '60 live'
		if [ "$columns" -eq 40 ]; then
			wait_until shows '^░\{20,\}   0 %  0/60 over$'
			wait_until shows '^60 calls   60 live   0 answered (0 %)$'
		fi
	done
	terminal send-keys C-c
	wait_until shows 'Stopping: no further call is placed'
	wait_until one_bar
	# Too low for all of it: what fits is drawn.
	resize 80 4
	wait_until shows '60 live'
	resize 80 24
	terminal send-keys C-c
	wait_until shows '^ended with 3$'
}

@test "NO_COLOR draws without colours; TERM=dumb and a pipe draw nothing" {
	start_sim --answer 100% --talk 3m-3m
	open_terminal 80 24
	terminal pipe-pane -o 'cat >raw'
	type_line "NO_COLOR=1 $NIDA_BUILD/nida run night.yaml --yes; echo ended with \$?"
	wait_until shows '^ended with 0$'
	grep -q '█' raw
	run ! grep -q $'\033\[36m' raw
	terminal pipe-pane
	terminal pipe-pane -o 'cat >raw2'
	type_line "TERM=dumb NO_COLOR=1 $NIDA_BUILD/nida run night.yaml --yes --new; echo at last \$?"
	wait_until shows '^at last 0$'
	run ! grep -q '[█░]' raw2
	grep -q ' of 60 rows over' raw2
	terminal pipe-pane
	type_line "clear; $NIDA_BUILD/nida run night.yaml --yes --new 2>&1 | cat >piped; echo piped \$?"
	wait_until shows '^piped 0$'
	run ! grep -q $'\033' piped
}

@test "colours where there are no objections" {
	start_sim --answer 100% --talk 10s-20s
	open_terminal 80 24
	terminal pipe-pane -o 'cat >raw'
	runs
	wait_until shows '^ended with 0$'
	grep -q $'\033\[36m' raw
}

@test "a log line stands above the drawing, not in it" {
	start_sim --answer 100% --fault bad-row=50% --talk 10s-20s
	open_terminal 100 40
	type_line "$NIDA_BUILD/nida run night.yaml --yes; echo ended with \$?"
	wait_until shows '^ended with 0$'
	[ "$(screen | grep -c '^[█░]')" -eq 1 ]
	[ "$(screen | grep -n 'Hamsa refuses' | tail -n 1 | cut -d: -f1)" -lt "$(screen | grep -n '^[█░]' | cut -d: -f1)" ]
}

@test "--watch: 80, 40 and 120 columns; q leaves and the terminal is as it was" {
	start_sim --answer 100% --talk 20m-20m
	start_run night.yaml
	wait_until counts "state = 'live'" 60
	open_terminal 80 24
	type_line 'stty -g >before'
	wait_until test -s before
	watches
	wait_until shows '^why        nothing is dialled now: everybody has been called$'
	wait_until shows '^rows       60 = 60 live$'
	wait_until shows '^campaign   night, run 2026-11-22-1.*, open; process [0-9]* runs it$'
	# Rows of the three kinds of keys: their phones stand below each other.
	wait_until fits '^  live '
	resize 40 30
	wait_until shows '^           everybody has been called$'
	wait_until stands_once 'q leaves'
	resize 120 40
	wait_until shows '^why        nothing is dialled now: everybody has been called$'
	wait_until stands_once 'q leaves'
	wait_until stands_once '^campaign'
	terminal send-keys q
	wait_until shows '^left with 0$'
	type_line 'stty -g >after'
	wait_until test -s after
	cmp before after
	kill -0 "$runner"
}

@test "--watch: Ctrl-C leaves; a run that ends is shown; the runner is not disturbed" {
	start_sim --answer 100% --talk 5s-10s
	start_run night.yaml
	wait_until asked 3
	open_terminal 80 24
	type_line 'stty -g >before'
	watches
	wait_until shows '^why        nothing is dialled now: the run is finished$'
	wait_until shows '^rows       60 = 60 done$'
	await_exit 0
	facts 'complete()' 'each_once()'
	terminal send-keys C-c
	wait_until shows '^left with 0$'
	type_line 'stty -g >after'
	wait_until test -s after
	cmp before after
}

@test "--watch in 80x24: live calls come first, and how much is left out is said; Ctrl-backslash leaves" {
	start_sim --answer 100% --talk 20m-20m
	start_run night.yaml
	wait_until asked 40
	open_terminal 80 24
	type_line 'stty -g >before'
	watches
	wait_until shows '^breaker '
	wait_until shows '^  live '
	wait_until shows '^… [0-9]* more lines$'
	[ "$(screen | grep -c '^  live ')" -ge 9 ]
	terminal send-keys 'C-\'
	wait_until shows '^left with 0$'
	type_line 'stty -g >after'
	wait_until test -s after
	cmp before after
}

@test "--watch without a campaign; SIGTERM sets the terminal back, too" {
	start_sim --answer 100% --talk 5s-10s
	nida run night.yaml
	open_terminal 80 24
	type_line 'stty -g >before'
	type_line "$NIDA_BUILD/nida status --watch & echo \$! >watcher; fg; echo left with \$?"
	wait_until shows 'q leaves$'
	wait_until shows '^night  *2026-11-22-1... *finished  60/60 over, 0 live, 0 in doubt;$'
	kill -TERM "$(cat watcher)"
	wait_until shows '^left with 0$'
	type_line 'stty -g >after'
	wait_until test -s after
	cmp before after
}

@test "status in a narrow terminal breaks between its words" {
	start_sim --answer 100% --talk 5s-10s
	nida run night.yaml
	open_terminal 40 24
	type_line "clear; $NIDA_BUILD/nida status night.yaml"
	wait_until shows '^           run is finished$'
	wait_until shows '^why        nothing is dialled now: the$'
}
