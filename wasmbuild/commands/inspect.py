"""show what is in a WebAssembly file: its kind, dylink.0, imports, exports, sections, symbols"""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="a module, shared library, program or object file")


def run(arguments: argparse.Namespace) -> int:
    """Show every file that can be read; then raise WasmbuildError about the others."""
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError, diagnostic_to_json, system_error
    from wasmbuild.report.inspection import inspect_bytes, inspection_text, inspections_to_json
    from wasmbuild.report.messages import print_json

    inspections = []
    findings: list[Diagnostic] = []
    for path in arguments.files:
        try:
            inspections.append(inspect_bytes(Path(path).read_bytes(), path))
        except OSError as error:
            findings.append(system_error(error))
        except WasmbuildError as error:
            findings.extend(error.diagnostics)
    if inspections and arguments.json:
        # Not raised: what went wrong belongs to the one document that is printed.
        diagnostics = [diagnostic_to_json(finding) for finding in findings]
        print_json({"ok": not findings, **inspections_to_json(inspections), "diagnostics": diagnostics})
        return 1 if findings else 0
    if inspections:
        # Flushed, so that the errors follow it where both go to one file.
        print("\n\n".join(map(inspection_text, inspections)), flush=True)
    if findings:
        raise WasmbuildError(*findings)
    return 0
