"""The tools as files: short programs of a shell that hand what only compiles to clang, and all else to `tools.py`.

Python takes longer to start than clang takes for a small source, and a build system compiles far more often than it
links.
"""

from __future__ import annotations

import shlex
import sys

from wasmbuild.builder import stepclient
from wasmbuild.builder.operands import CXX_SUFFIXES
from wasmbuild.driver.compile import DROPPED, LOOKED_AT, after, quietly
from wasmbuild.driver.environment import Environment

COMPILERS = ("cc", "c++")
OTHERS = ("ld", "ar", "ranlib", "nm", "strip")


def wrappers(environment: Environment) -> dict[str, str]:
    """Name in `bin` → text."""
    texts = {tool: _compiler(environment, tool) for tool in COMPILERS}
    texts |= {tool: _other(environment, tool) for tool in OTHERS}
    return texts | {"run": _run(environment)}


def python(environment: Environment) -> str:
    """The command that starts `tools.py`, or hands over to the process of `exec` that waits with it."""
    client = (sys.executable, "-I", "-S", stepclient.__file__, "wasmbuild.driver.tools")
    return shlex.join((*client, environment.directory))


_COMPILER = """\
#!/bin/sh
# Written by wasmbuild, and again when what it stands on changes. What only compiles is handed to clang.
compiles= language={language} drops= looks= before_word=
for word do
    case $before_word$word in
    -print-search-dirs|-print-file-name=*|-print-prog-name=*|--print-search-dirs|--print-file-name=*|--print-prog-name=*)
        looks=1 ;;
    -c|-E|-S|-M|-MM|-fsyntax-only|--version|-dumpmachine|-dumpversion|-print-*|--print-*|--help) compiles=1 ;;
    {dropped}) drops=1 ;;
    {looked_at}) looks=1 ;;
    -xc++*|{suffixes}) language=cxx ;;
    esac
    before_word=
    [ "$word" != -x ] || before_word=-x
done
if [ "$compiles" ] && [ ! "$looks" ] && [ -e {present} ]; then
    if [ "$drops" ]; then
        for word do
            shift
            case $word in
            {dropped}) ;;
            *) set -- "$@" "$word" ;;
            esac
        done
    fi
    if [ $language = c ]; then
        exec {c} "$@" {after}
    else
        exec {cxx} "$@" {after}
    fi
fi
exec {python} {tool} "$@"
"""


def _compiler(environment: Environment, tool: str) -> str:
    driver = ("--driver-mode=g++",) if tool == "c++" else ()
    return _COMPILER.format(
        language="cxx" if tool == "c++" else "c",
        dropped="|".join(DROPPED),
        looked_at="|".join(LOOKED_AT),
        suffixes="|".join(f"*{suffix}" for suffix in CXX_SUFFIXES),
        present=shlex.quote(environment.crt1),
        c=shlex.join((*environment.clang, *quietly(environment.c_flags))),
        cxx=shlex.join((*environment.clang, *driver, *quietly(environment.cxx_flags))),
        after=shlex.join(quietly(after(environment))),
        python=python(environment),
        tool=tool,
    )


def _other(environment: Environment, tool: str) -> str:
    return f'#!/bin/sh\n# Written by wasmbuild.\nexec {python(environment)} {tool} "$@"\n'


_RUN = """\
#!/bin/sh
# Written by wasmbuild. Runs a program as the machine's own would run: it sees all files, and the environment.
program=$1
case $(head -c 2 "$program" 2>/dev/null) in
'#!')
    # What libtool puts in a program's place while it is not installed; any other script runs by itself.
    real=${{program%/*}}/.libs/${{program##*/}}
    case $program in */*) ;; *) real=.libs/$program ;; esac
    [ -e "$real" ] || exec "$@"
    program=$real ;;
esac
shift
unset LD_PRELOAD
exec {wasmbuild} run --as-native --library-path {lib} -- "$program" "$@"
"""


def _run(environment: Environment) -> str:
    wasmbuild = shlex.join((sys.executable, "-P", "-m", "wasmbuild"))
    return _RUN.format(wasmbuild=wasmbuild, lib=shlex.quote(str(environment.lib)))
