"""The compiler, the linker and the archiver as commands: all that stands after their names is theirs."""

from __future__ import annotations

TYPE_CHECKING = False  # the command line imports this file at each start
if TYPE_CHECKING:
    from pathlib import Path

    from wasmbuild.driver.environment import Environment

TOOLS = {
    "cc": "compile and link C, as other compilers do",
    "c++": "compile and link C++",
    "ld": "link, as other linkers do",
    "ar": "make archives",
    "ranlib": "index archives",
}


def run(name: str, arguments: list[str]) -> int:
    """As the file of this name in `bin` of the environment here, which is made first where it is not there."""
    from pathlib import Path

    from wasmbuild.commands.project import find_project
    from wasmbuild.driver.environment import directory_for, read_environment
    from wasmbuild.driver.tools import run_tool
    from wasmbuild.sources.store import cache_root

    found = find_project(str(Path.cwd()))
    project = Path(found) if found else None
    environment = read_environment(directory_for(cache_root(), (), project, None))
    return run_tool(environment, name, arguments, lambda: _made(project))


def _made(project: Path | None) -> Environment:
    from wasmbuild.builder.project import Request
    from wasmbuild.builder.runninja import RunOptions
    from wasmbuild.driver.make import make_environment
    from wasmbuild.progress import Silent

    return make_environment((), project, Request(), Silent(), RunOptions())
