"""print the JSON Schema of the manifest"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", nargs="?", choices=("manifest", "toolchain"), default="manifest")


def run(arguments: argparse.Namespace) -> int:
    import json

    from wasmbuild.builder.toolchain import ToolchainFile
    from wasmbuild.manifest.reader import json_schema
    from wasmbuild.manifest.schema import Manifest

    schema = json_schema(Manifest if arguments.kind == "manifest" else ToolchainFile)
    print(json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, indent=2))
    return 0
