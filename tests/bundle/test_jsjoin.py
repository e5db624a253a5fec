"""Modules as one script: what comes out does what the modules did."""

from __future__ import annotations

import json
import subprocess

from running import find_node

from wasmbuild.bundle.jsjoin import joined

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


def test_a_script_does_what_its_modules_did() -> None:
    sources = {place: "\n".join(line.strip() for line in text.splitlines()) for place, text in SOURCES.items()}
    script = joined(sources, '$use("main.mjs").main().then((said) => console.log(JSON.stringify(said.map(String))));')
    done = subprocess.run([find_node(), "-e", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said == ["1", "2", "1", "true", "function three() { return 3; }", "none.mjs is not in this page"]
