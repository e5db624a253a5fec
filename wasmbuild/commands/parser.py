"""The command line as argparse has it. Only the modules of commands that are named are imported."""

from __future__ import annotations

import argparse
from importlib import import_module

from wasmbuild.commands.options import add_common
from wasmbuild.commands.tool import TOOLS

COMMANDS = {
    "new": "start a project",
    "build": "build the project and check its link",
    "test": "build, then run the tests",
    "run": "run a program",
    "check": "check that modules will load",
    "inspect": "show what is in a module or an object",
    "abi": "say whether a new build of a library fits its users",
    "why": "say who defines a symbol and who wins",
    "plan": "print how a program is loaded, as a document",
    "graph": "draw which library needs which",
    "bundle": "make a directory for a site or for npm",
    "serve": "serve a bundle to a browser of this machine",
    "recipe": "find, write, check, fetch and test recipes",
    "store": "write built libraries for others to take",
    "cache": "show or empty the cache",
    "lock": "write down which recipes are required, in which versions",
    "env": "print what makes other build systems build for WebAssembly",
    "exec": "run a command in that environment",
    **TOOLS,
    "schema": "print the JSON Schema of the manifest",
    "completion": "print a script that completes command lines in a shell",
    "clean": "remove the build directory",
    "doctor": "show what was found and what is missing",
}


def parse(argv: list[str]) -> argparse.Namespace:
    """Parse a command line. Exits with 2 where it makes no sense, as argparse does."""
    return make_parser(argv).parse_args(argv)


def make_parser(argv: list[str]) -> argparse.ArgumentParser:
    """A parser that knows every command's name, and the arguments of those that occur in `argv`. Where the first word
    is a command, no other is meant, and none is looked at: to make a parser takes a millisecond."""
    parser = argparse.ArgumentParser(
        prog="wasmbuild",
        description="Build C and C++ into WebAssembly shared libraries and programs that link dynamically, "
        "and prove that they load.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=_Version("%(prog)s"))
    add_common(parser, first=True)
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    meant = argv[:1] if argv[:1] and argv[0] in COMMANDS else COMMANDS
    for name in meant:
        help_ = COMMANDS[name]
        subparser = subparsers.add_parser(name, help=help_, description=help_, allow_abbrev=False)
        if name in argv and name not in TOOLS:
            add_common(subparser, first=False)
            import_module(f"wasmbuild.commands.{name}").add_arguments(subparser)
    return parser


class _Version(str):
    """Read only when it is asked for."""

    __slots__ = ()

    def __mod__(self, _: object) -> str:
        from wasmbuild import __version__

        return f"wasmbuild {__version__}"
