"""Modules as one script: what comes out does what the modules did."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from running import find_node

from wasmbuild.bundle.jsjoin import joined, joined_module, joined_more

SOURCES = {
    "main.mjs": """
        import { one, two as second } from "./lib/a.mjs";
        import * as all from "./lib/b.mjs";
        const later = await0();
        async function await0() { return (await import("./lib/c.mjs")).three; }
        export async function main() {
          const missing = await import("./none.mjs").catch((error) => error.message);
          return [one, second(), all.four, all.made, await later, missing];
        }
    """,
    "lib/a.mjs": "export const one = 1;\nfunction b() { return 2; }\nexport { b as two };\n",
    "lib/b.mjs": 'export { one as four } from "./a.mjs";\nexport class C {}\nexport const made = !!new C();\n',
    "lib/c.mjs": "/** a comment */\nexport function three() { return 3; }\n",
}


def stripped(sources: Mapping[str, str]) -> dict[str, str]:
    """As they would stand in files."""
    return {place: "\n".join(line.strip() for line in text.splitlines()) for place, text in sources.items()}


def test_a_script_does_what_its_modules_did() -> None:
    script = joined(
        stripped(SOURCES), '$use("main.mjs").main().then((said) => console.log(JSON.stringify(said.map(String))));'
    )
    done = subprocess.run([find_node(), "-e", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said == ["1", "2", "1", "true", "function three(){return 3;}", "none.mjs is not in this page"]


STARTED = {
    "a.mjs": """
        export const made = [];
        export function later() { return import("./b.mjs"); }
        export function now() {
          return process.getBuiltinModule("node:module").createRequire(import.meta.url)("./c.mjs");
        }
    """,
}
REST = {
    "b.mjs": """
        import { made } from "./a.mjs";
        made.push("b");
        export const two = 2;
    """,
    "c.mjs": """
        import { made } from "./a.mjs";
        import { two } from "./b.mjs";
        made.push(`c${two}`);
        export const three = 3;
    """,
}


def test_modules_in_two_files_are_each_made_once_and_the_second_is_read_when_it_is_needed(tmp_path: Path) -> None:
    (tmp_path / "first.mjs").write_text(joined_module(stripped(STARTED), ["a.mjs"], "rest.mjs"))
    (tmp_path / "use.mjs").write_text("""
        import { later, made, now } from "./first.mjs";
        const before = made.length;
        console.log(JSON.stringify([before, now().three, (await later()).two, made]));
    """)

    def use() -> subprocess.CompletedProcess[str]:
        command = [find_node(), tmp_path / "use.mjs"]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert "rest.mjs" in use().stderr
    (tmp_path / "rest.mjs").write_text(joined_more(stripped(REST), "./first.mjs"))
    done = use()
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [0, 3, 2, ["b", "c2"]]
