"""What is not YAML: in plain words, at the right place, with what to write."""

from __future__ import annotations

import pytest
import yaml
from manifests import refused

from wasmbuild.manifest.yamlhelp import entries_in, not_yaml, written_list

UNQUOTED = "text that starts with `{}` needs quotes: `{}`"

WRONG = {
    "a star": ("a: [*]", "1:5", UNQUOTED.format("*", "*"), 'write "*"'),
    "two stars": ("a: [**]", "1:5", UNQUOTED.format("*", "**"), 'write "**"'),
    "a pattern": ("a: [src/*.c, *.c]", "1:14", UNQUOTED.format("*", "*.c"), 'write "*.c"'),
    "a pattern alone": ("a: *.c", "1:4", UNQUOTED.format("*", "*.c"), 'write ["*.c"]'),
    "a pattern with a dash": ("a:\n  - *.c # all", "2:5", UNQUOTED.format("*", "*.c"), 'write "*.c"'),
    "a pattern that is an alias": ("a: [*foo]", "1:5", UNQUOTED.format("*", "*foo"), 'write "*foo"'),
    "stars and a slash": ("a: {b: **/x.c}", "1:8", UNQUOTED.format("*", "**/x.c"), 'write ["**/x.c"]'),
    "an at": ("a: @x/y", "1:4", UNQUOTED.format("@", "@x/y"), 'write "@x/y"'),
    "a backtick": ("a: [`x`]", "1:5", UNQUOTED.format("`", "`x`"), 'write "`x`"'),
    "a tag": ("a: [!x]", "1:5", UNQUOTED.format("!", "!x"), 'write "!x"'),
    "a tab": ("a:\n\tb: c", "2:1", "a tab where YAML has spaces", "indent with spaces"),
    "a tab behind spaces": ("a:\n  b:\n  \t  c: d", "3:3", "a tab where YAML has spaces", "indent with spaces"),
    "a list without an end": ("a: [b\nc: d", "1:4", "a list that is not closed", "close it with `]`"),
    "a mapping without an end": ("a: {b: c", "1:4", "a mapping that is not closed", "close it with `}`"),
    "a missing comma": ('a: ["b" "c"]', "1:4", "or a comma that is missing in it", "close it with `]`"),
    "a quote": ('a: "b\nc: d', "1:4", "a quote that is not closed", "close it"),
    "a backslash": (r'a: "x\p"', "1:6", "a backslash in double quotes that YAML does not know", "use single quotes"),
    "two colons": ("a: b: c", "1:5", "a second `:` in one line", "put quotes around text"),
    "indented more": (
        "a: b\n  c: d",
        "2:3",
        "a key that is indented more than those above it",
        "give it the indentation",
    ),
    "indented less": ("a:\n  b: c\n d: e", "3:2", "neither a key nor in line", "give it the indentation"),
    "no colon": ("a: b\nc\nd: e", "2:1", "a key without `:` behind it", "write `key: value`"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_yaml_is_said_in_plain_words(name: str) -> None:
    text, place, headline, help_ = WRONG[name]
    (finding,) = refused(text)
    assert finding.code == "not-yaml"
    assert str(finding.at) == f"some/wasmbuild.yaml:{place}"
    assert headline in finding.headline
    assert finding.help[0].startswith(help_)


# To the parser in Python, `!x]` is a tag.
@pytest.mark.parametrize("name", sorted(WRONG.keys() - {"a tag"}))
def test_a_parser_in_python_is_understood_as_the_one_in_c_is(name: str) -> None:
    text, _, headline, help_ = WRONG[name]
    with pytest.raises(yaml.MarkedYAMLError) as caught:
        yaml.compose(text, yaml.SafeLoader)
    finding = not_yaml(caught.value, text, "w.yaml")
    assert headline in finding.headline
    assert finding.help[0].startswith(help_)


def test_what_is_not_known_is_said_as_the_parser_says_it() -> None:
    error = yaml.MarkedYAMLError("while doing", None, "something new", yaml.Mark("", 0, 0, 2, "", 0))
    finding = not_yaml(error, "", "w.yaml")
    assert (finding.headline, str(finding.at)) == ("not valid YAML: while doing something new", "w.yaml:1:3")


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("-O3 -Wall", "[-O3, -Wall]"),
        ('-O3 -DX="a b"', "[-O3, -DX=a b]"),
        ("-DX=don't -O3", '["-DX=don\'t -O3"]'),
        ("a.c b.c", "[a.c, b.c]"),
        ("a, img_*", '[a, "img_*"]'),
        ("zlib >=1.3", '["zlib >=1.3"]'),
        ("zlib", "[zlib]"),
    ],
)
def test_text_where_a_list_is_wanted_is_shown_as_one(text: str, entries: str) -> None:
    assert written_list(entries_in(text)) == entries
    assert len(yaml.safe_load(entries)) == len(entries_in(text))
