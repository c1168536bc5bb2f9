# SPDX-License-Identifier: Apache-2.0
# Completion of hanse for bash. Verbs and options are asked of the program itself, so they are those of its version.

# The node that is meant on this command line: of -C, else of the environment.
_hanse_node() {
    local i
    for ((i = 1; i < COMP_CWORD; i++)); do
        [[ ${COMP_WORDS[i]} != -C ]] || { printf '%s' "${COMP_WORDS[i + 1]}" && return; }
    done
    printf '%s' "${HANSE_NODE:-.}"
}

_hanse_verbs() {
    hanse --help 2>/dev/null | sed -n '/^verbs:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p'
}

_hanse_options() { # VERB
    hanse "$1" --help 2>/dev/null | sed -n '/^options:/,$s/^  \(--[a-z][a-z-]*\).*/\1/p'
}

_hanse_feeds() { # [PATTERN]: short names of the feeds whose line has it
    hanse -C "$(_hanse_node)" feeds --json 2>/dev/null | sed -n "/${1:-.}/s/.*\"name\": \"\([^\" ]*\)\".*/\1/p"
}

_hanse_staged() {
    hanse -C "$(_hanse_node)" diff --json 2>/dev/null | sed -n 's/^{"id": "[^"]*\/\([0-9a-f-]*\)".*/\1/p'
}

_hanse() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb='' words='' i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        -C | --as) ((i++)) ;;
        -*) ;;
        *) verb=${COMP_WORDS[i]} && break ;;
        esac
    done
    COMPREPLY=()
    case $before in
    -C | --to) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word") && return ;;
    --as | --feed) words=$(_hanse_feeds) ;;
    --format) words='jsonl iati csv' ;;
    --reason) words='error merged no-longer privacy legal' ;;
    --kind | --encoding | --set | --clear | --since | --until | --after | --name | --pin | --source | --city | --country) return ;;
    *)
        case $verb,$word in
        ,-*) words='-C --as --json --help --version' ;;
        ,*) words=$(_hanse_verbs) ;;
        help,*) words=$(_hanse_verbs) ;;
        key,[!-]* | key,) words='show rotate' ;;
        *,-*) words=$(_hanse_options "$verb") ;;
        sync,* | unfollow,*) words=$(_hanse_feeds '"own": false') ;;
        verify,* | copy,*) words=$(_hanse_feeds) ;;
        discard,*) words=$(_hanse_staged) ;;
        esac
        ;;
    esac
    if [[ -n $words ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    else
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}
complete -F _hanse hanse
