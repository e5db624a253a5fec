"""print a script that completes command lines in a shell

The scripts are short: on each press of Tab they ask `wasmbuild completion words` what may stand there, so they need
not be made anew when wasmbuild or a manifest changes.
"""

from __future__ import annotations

import argparse

FOR_SCRIPTS = "words"
"""In the place of a shell's name: what the scripts call, and nobody types."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", metavar="SHELL", type=_shell, help="bash, zsh or fish: `source` what is printed")
    words = parser.add_argument("words", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    words.required = False  # else argparse lists it as missing where SHELL is


def _shell(text: str) -> str:
    if text not in (*SCRIPTS, FOR_SCRIPTS):
        raise argparse.ArgumentTypeError(f"must be {', '.join(SCRIPTS)}, not `{text}`")
    return text


def run(arguments: argparse.Namespace) -> int:
    if arguments.shell != FOR_SCRIPTS:
        print(SCRIPTS[arguments.shell], end="")
        return 0
    from wasmbuild.commands.candidates import candidates
    from wasmbuild.diagnostics import WasmbuildError
    from wasmbuild.printing import printable

    try:
        found = candidates(arguments.words)
    except (WasmbuildError, OSError):
        return 0  # a broken manifest has no names; that it is broken is said by the command, not by Tab
    for word, text in found.items():
        if word.isprintable():  # whoever completes a name means to read it first
            print(f"{word}\t{printable(text)}" if text else word)
    return 0


SCRIPTS = {
    "bash": r"""# bash: source <(wasmbuild completion bash)
_wasmbuild() {
    local word quoted= words=()
    for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
        quoted=
        [[ $word == [\"\']* ]] && quoted=1
        word=${word#[\"\']}
        [[ $quoted ]] && word=${word%[\"\']}
        words+=("${word//\\/}")
    done
    COMPREPLY=()
    while IFS=$'\t' read -r word _; do
        [[ $quoted ]] || printf -v word %q "$word"
        COMPREPLY+=("$word")
    done < <("${1/#\~/$HOME}" completion words -- "${words[@]}" 2>/dev/null)
}
complete -o default -F _wasmbuild wasmbuild
""",
    "zsh": r"""#compdef wasmbuild
# zsh: source <(wasmbuild completion zsh), after compinit; or a file `_wasmbuild` in a directory of $fpath
_wasmbuild() {
    local line
    local -a before names shown
    before=("${(@Q)words[2,CURRENT-1]}")
    for line in "${(@f)$(${(Q)words[1]} completion words -- "${before[@]}" "${(Q)PREFIX}" 2>/dev/null)}"; do
        [[ -n $line ]] || continue
        names+=("${line%%$'\t'*}")
        shown+=("${line/$'\t'/  -- }")
    done
    if (( $#names )); then
        compadd -l -d shown -a names
    else
        _files
    fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _wasmbuild "$@"
else
    compdef _wasmbuild wasmbuild
fi
""",
    "fish": r"""# fish: wasmbuild completion fish | source
function __wasmbuild_words
    set -l words (commandline -opc)
    set -l current (commandline -ct | string replace -ra '["\'\\\\]' '')
    $words[1] completion words -- $words[2..] "$current" 2>/dev/null
end
complete -c wasmbuild -f -n 'set -g __wasmbuild_found (__wasmbuild_words); test (count $__wasmbuild_found) -gt 0' \
    -a '(printf "%s\n" $__wasmbuild_found)'
""",
}
