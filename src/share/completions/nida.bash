# bash completion for nida(1): verbs, the options of each verb, campaign files.
# Install as /usr/share/bash-completion/completions/nida, or: source nida.bash

_nida_options()
{
	case $1 in
	check) echo --all --online --list --out --json --env-file --help ;;
	rehearse) echo --seed --list --out --json --verbose --env-file --help ;;
	run)
		echo --yes --dry-run --limit --only --new --continue --list --out --log \
			--verbose --ledger --env-file --help
		;;
	status) echo --watch --json --prometheus --run --ledger --env-file --help ;;
	end-call) echo --all --via --json --ledger --env-file --help ;;
	pause | resume) echo --reason --json --ledger --env-file --help ;;
	try) echo --to --row --list --json --ledger --env-file --help ;;
	report)
		echo --run --format --out --mask --keep --all --since --json --ledger \
			--env-file --help
		;;
	cancel) echo --end-live --yes --run --out --json --ledger --env-file --help ;;
	audit) echo --run --json --ledger --env-file --help ;;
	hamsa) echo --since --json --ledger --env-file --help ;;
	settle) echo --called --not-called --run --json --ledger --env-file --help ;;
	events) echo --run --json --ledger --env-file --help ;;
	suppress) echo --ledger --reason --country --all --json --help ;;
	purge) echo --older-than --person --dry-run --yes --json --ledger --env-file --help ;;
	esac
}

# Files that end in one of the given endings, and folders on the way to them.
_nida_files()
{
	local current=$1 ending

	shift
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(
		compgen -d -- "$current"
		for ending in "$@"; do
			compgen -f -X "!*.$ending" -- "$current"
		done
	)
}

_nida()
{
	local verbs="check rehearse run status end-call pause resume cancel try report settle events audit hamsa suppress purge"
	local current=${COMP_WORDS[COMP_CWORD]}
	local previous=${COMP_WORDS[COMP_CWORD - 1]}
	local verb=${COMP_WORDS[1]}
	local i place=1 what=

	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		mapfile -t COMPREPLY < <(compgen -W "$verbs --help --version" -- "$current")
		return
	fi
	case $previous in
	--ledger) _nida_files "$current" db; return ;;
	--list) _nida_files "$current" csv; return ;;
	--env-file)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
		;;
	--out)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$current")
		return
		;;
	--log) mapfile -t COMPREPLY < <(compgen -W "text json" -- "$current"); return ;;
	--via) mapfile -t COMPREPLY < <(compgen -W "hamsa twilio" -- "$current"); return ;;
	--format) mapfile -t COMPREPLY < <(compgen -W "csv html json" -- "$current"); return ;;
	--keep | --limit | --older-than | --only | --person | --reason | --row | --run | --seed | \
		--since | --to) return ;;
	esac
	if [[ $current == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_nida_options "$verb")" -- "$current")
		return
	fi

	# Which argument of the verb is this? Options and their values do not count.
	for ((i = 2; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--country | --env-file | --format | --keep | --ledger | --limit | --list | --log | \
			--older-than | --only | --out | --person | --reason | --row | --run | \
			--seed | --since | --to | --via) ((i++)) ;;
		-*) ;;
		*)
			((place++))
			what=${COMP_WORDS[i]}
			;;
		esac
	done
	if [[ $verb == suppress && $place -eq 2 && $what == import ]]; then
		_nida_files "$current" csv txt
		return
	fi
	((place == 1)) || return
	if [[ $verb == suppress ]]; then
		mapfile -t COMPREPLY < <(compgen -W "add remove list import" -- "$current")
	elif [[ $verb == hamsa ]]; then
		mapfile -t COMPREPLY < <(compgen -W "status agents numbers usage calls" -- "$current")
	elif [[ -n $(_nida_options "$verb") ]]; then
		_nida_files "$current" yaml yml
	fi
}

complete -F _nida nida
