"""print a JSON Schema: of the manifest, of toolchain.yaml, of a link plan"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", nargs="?", choices=("manifest", "toolchain", "plan"), default="manifest")


def run(arguments: argparse.Namespace) -> int:
    import json

    from wasmbuild.builder.toolchain import ToolchainFile
    from wasmbuild.manifest.json_schema import json_schema
    from wasmbuild.manifest.schema import Manifest

    if arguments.kind == "plan":
        from wasmbuild.link.plan import plan_schema

        print(json.dumps(plan_schema(), indent=2))
        return 0
    schema = json_schema(Manifest if arguments.kind == "manifest" else ToolchainFile)
    print(json.dumps(schema, indent=2))
    return 0
