"""The commands of our own that ninja runs: `python -m wasmbuild.builder.steps link|interface|check …`.

A finding goes to stdout: as text, or for wasmbuild's own front end (WASMBUILD_STEP_JSON) as a line of JSON.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    step, *rest = arguments
    from wasmbuild.diagnostics import WasmbuildError

    try:
        match step:
            case "link":
                from wasmbuild.builder.linkstep import link

                findings = link(Path(rest[0]))
            case "interface":
                from wasmbuild.builder.interface import write_interface

                write_interface(Path(rest[0]), Path(rest[1]))
                return 0
            case "check":
                from wasmbuild.builder.checkstep import check_outputs

                findings = check_outputs(Path(rest[0]), Path(rest[1]))
            case "archive":
                split = rest.index("--")  # the first one is ours; an object may be named anything
                output, *objects = rest[split + 1 :]
                return _archive(rest[:split], output, objects)
            case "zig":
                from wasmbuild.builder.zigstep import compile_zig

                split = rest.index("--")
                return compile_zig(rest[:split], rest[split + 1], rest[split + 2])
            case "install":
                half = len(rest) // 2  # as many sources as outputs
                return _install(rest[:half], rest[half:])
            case _:
                raise AssertionError(f"no such step: {step}")
    except WasmbuildError as error:
        findings = error.diagnostics
    except OSError as error:
        from wasmbuild.diagnostics import system_error

        findings = (system_error(error),)
    return report(findings)


def report(findings: object) -> int:
    """Print them; the exit status."""
    from wasmbuild.diagnostics import Diagnostic, diagnostic_to_json, format_diagnostic

    assert isinstance(findings, tuple)
    failed = False
    for finding in findings:
        assert isinstance(finding, Diagnostic)
        failed |= finding.severity == "error"
        if "WASMBUILD_STEP_JSON" in os.environ:
            import json

            print("\x02" + json.dumps(diagnostic_to_json(finding)))
        else:
            print(format_diagnostic(finding))
    return 1 if failed else 0


def _archive(ar: list[str], output: str, objects: list[str]) -> int:
    """Make an archive anew: ar adds to one that is there, and would keep a member whose source is gone. Of an archive
    among the objects, its members are taken."""
    import subprocess

    from wasmbuild.builder.operands import as_operand

    temporary = Path(output + ".tmp")
    temporary.unlink(missing_ok=True)
    done = subprocess.run([*ar, "qcsDL", str(temporary), *map(as_operand, objects)], check=False)
    if done.returncode == 0:
        temporary.replace(output)
    return done.returncode


def _install(sources: list[str], outputs: list[str]) -> int:
    """Copy files; one whose contents did not change is not touched."""
    from wasmbuild.builder.outputs import replace_if_different

    for source, output in zip(sources, outputs, strict=True):
        replace_if_different(Path(output), Path(source).read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
