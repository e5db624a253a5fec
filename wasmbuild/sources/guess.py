"""From a source tree to the fields of a recipe: licence, version, headers, exports, what it includes."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from wasmbuild.sources.sourcetree import Found, SourceTree, cmake_commands

_TEXTS: Sequence[tuple[str, str]] = (
    (r"GNU AFFERO GENERAL PUBLIC LICENSE\s+Version 3", "AGPL-3.0"),
    (r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3", "LGPL-3.0"),
    (r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 2\.1", "LGPL-2.1"),
    (r"GNU LIBRARY GENERAL PUBLIC LICENSE\s+Version 2", "LGPL-2.0"),
    (r"GNU GENERAL PUBLIC LICENSE\s+Version 3", "GPL-3.0"),
    (r"GNU GENERAL PUBLIC LICENSE\s+Version 2", "GPL-2.0"),
    (r"Apache License\s+Version 2\.0", "Apache-2.0"),
    (r"Mozilla Public License,? [Vv]ersion 2\.0", "MPL-2.0"),
    (r"Boost Software License - Version 1\.0", "BSL-1.0"),
    (r"This is free and unencumbered software released into the public domain", "Unlicense"),
    (r"Permission is hereby granted, free of charge", "MIT"),
    (r"Redistributions of source code must retain[\s\S]*(?:[Nn]either|names? of (?:the )?\w+ may not)", "BSD-3-Clause"),
    (r"Redistributions of source code must retain", "BSD-2-Clause"),
    (r"Permission to use, copy, modify, and(?:/or)? distribute this software", "ISC"),
    (r"This software is provided 'as-is', without any express or implied", "Zlib"),
)


_LICENSE_LETTERS = 50_000


def guess_license(tree: SourceTree, files: Iterable[str], sources: Iterable[str]) -> str | None:
    """An SPDX expression, by the words of the licence files; for GNU's, the sources say whether later versions do."""
    for path in files:
        text = tree.read(path)[:_LICENSE_LETTERS]
        found = next((name for pattern, name in _TEXTS if re.search(pattern, text)), None)
        if found is None:
            continue
        if "GPL" not in found:
            return found
        said = any("any later version" in " ".join(tree.read(source)[:4000].split()) for source in [*sources][:5])
        return f"{found}-or-later" if said else f"{found}-only"
    return None


def guess_version(tree: SourceTree, name: str) -> str | None:
    """From a file's name such as `tiny-1.2.tar.gz`, else from what upstream's build files say."""
    if match := re.search(r"[-_]v?(\d[0-9A-Za-z.]*?)(?:\.orig)?\.(?:tar|tgz|zip)", name):
        return match[1]
    for path, pattern in (
        ("CMakeLists.txt", r"(?i)\bproject\s{0,9}\([^)]{0,999}?\bVERSION\s+\"?(\d[\w.]*)"),
        ("configure.ac", r"AC_INIT\(\[?[^,]{0,200}\]?,\s{0,99}\[?(\d[\w.]*)"),
        ("meson.build", r"project\([^)]{0,999}?version\s{0,9}:\s{0,9}'(\d[\w.]*)"),
    ):
        if match := re.search(pattern, tree.read(path)):
            return match[1]
    return None


_DECLARED = re.compile(r"\b([A-Za-z_]\w*)\s*\(")
_KEYWORDS = frozenset({"if", "while", "for", "return", "sizeof", "defined", "switch", "__attribute__", "__declspec"})


def guess_exports(tree: SourceTree, headers: Iterable[str], sources: Iterable[str]) -> tuple[str, ...]:
    """Patterns of what the headers declare and the sources define: prefixes that many share, names for the rest."""
    declared = Counter[str]()
    for path in headers:
        text = re.sub(r"/\*.*?(?:\*/|\Z)|//[^\n]*", " ", tree.read(path), flags=re.DOTALL)
        text = re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", "", text, flags=re.MULTILINE)
        for statement in re.split(r"[;{}]", text):
            names = [name for name in _DECLARED.findall(statement) if name not in _KEYWORDS and not name.isupper()]
            if names and "typedef" not in statement:
                declared[names[0]] += 1
    text = "\n".join(tree.read(path) for path in sources)
    defined = (
        set(re.findall(r"\b([A-Za-z_]\w*)\s{0,99}\((?:[^(){};]|\([^()]{0,500}\)){0,2000}\)\s{0,99}\{", text))
        - _KEYWORDS
    )
    names = sorted(declared.keys() & defined)
    if not names:
        return ()
    prefixes = Counter(name[: name.index("_", 1) + 1] for name in names if "_" in name[1:])
    patterns, covered = list[str](), set[str]()
    for prefix, count in prefixes.most_common(4):
        if count >= max(2, len(names) // 10):
            patterns.append(f"{prefix}*")
            covered.update(name for name in names if name.startswith(prefix))
    return (*sorted(patterns), *(name for name in names if name not in covered))


_INCLUDE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*([<\"])([^>\"\n]+)[>\"]", re.MULTILINE)


def included(tree: SourceTree, found: Found, headers: Iterable[str] = ()) -> Mapping[str, str]:
    """Each header that sources and installed headers include, directly or through others of the tree → one file that
    includes it; "" where it is written in angles, and so is not looked for beside that file."""
    todo = [*found.sources, *headers]
    found_headers: dict[str, str] = {}
    seen = set(todo)
    by_name: dict[str, list[str]] = {}
    for path in tree.files:
        by_name.setdefault(PurePosixPath(path).name, []).append(path)
    while todo:
        path = todo.pop()
        for sign, name in _INCLUDE.findall(tree.read(path)):
            is_new = name not in found_headers
            if is_new or sign == "<":
                found_headers[name] = "" if sign == "<" else path
            if not is_new:
                continue
            for other in by_name.get(PurePosixPath(name).name, ()):
                if (other == name or other.endswith(f"/{name.removeprefix('./')}")) and other not in seen:
                    seen.add(other)
                    todo.append(other)
    return found_headers


def include_directories(tree: SourceTree, found: Found, headers: Mapping[str, str]) -> tuple[str, ...]:
    """Where the headers of the tree are that are not beside who includes them."""
    directories = Counter[str]()
    known = set(tree.files)
    for name, user in headers.items():
        if user and os.path.normpath(str(PurePosixPath(user).parent / name)) in known:
            continue
        ends = [path for path in tree.files if path == name or path.endswith(f"/{name}")]
        places = [path[: -len(name)].rstrip("/") or "." for path in ends]
        if places:
            directories[min(places, key=lambda place: (place != ".", place.count("/"), place))] += 1
    return tuple(sorted(directories))


def collapsed(tree: SourceTree, sources: Sequence[str]) -> tuple[list[str], list[str]]:
    """Sources as patterns, and what these must leave out: a pattern where a directory is taken almost whole."""
    by_directory: dict[tuple[str, str], list[str]] = {}
    for path in sources:
        by_directory.setdefault((str(PurePosixPath(path).parent), PurePosixPath(path).suffix), []).append(path)
    patterns, left_out = list[str](), list[str]()
    for (directory, suffix), paths in by_directory.items():
        there = [
            path
            for path in tree.files
            if str(PurePosixPath(path).parent) == directory and PurePosixPath(path).suffix == suffix
        ]
        rest = [path for path in there if path not in paths]
        if len(paths) > 3 and len(rest) <= max(3, len(paths) // 3):
            patterns.append(f"*{suffix}" if directory == "." else f"{directory}/*{suffix}")
            left_out += rest
        else:
            patterns += paths
    return patterns, left_out


_SIZES = {"INT": 4, "LONG": 4, "SHORT": 2, "LONG_LONG": 8, "SIZE_T": 4, "VOID_P": 4, "CHAR": 1, "DOUBLE": 8, "FLOAT": 4}


def configured(template: str, variables: Mapping[str, str], headers: Iterable[str], functions: Iterable[str]) -> str:
    """A header from upstream's template, as configure or CMake make it: HAVE_… by what libc has, wasm32's sizes."""
    facts = {f"HAVE_{re.sub('[^A-Z0-9]', '_', name.upper())}": "1" for name in (*headers, *functions)}
    facts |= {"HAVE___BUILTIN_EXPECT": "1", "HAVE___ATTRIBUTE__": "1"}
    facts |= {f"SIZEOF_{name}": str(size) for name, size in _SIZES.items()} | {
        "STDC_HEADERS": "1",
        "HAVE_STDINT_H": "1",
    }

    def line(match: re.Match[str]) -> str:
        name, rest = match[2], match[3].strip()
        if match[1] == "cmakedefine01":
            return f"#define {name} {1 if name in facts else 0}"
        value = variables.get(name, facts.get(name))
        if value is None:
            return f"/* #undef {name} */"
        return f"#define {name} {rest if rest and match[1] == 'cmakedefine' else value}"

    text = re.sub(
        r"^[ \t]*#[ \t]*(undef|cmakedefine01|cmakedefine)[ \t]+(\w+)([^\n]*)$", line, template, flags=re.MULTILINE
    )
    return re.sub(r"@(\w+)@|\$\{(\w+)\}", lambda match: variables.get(match[1] or match[2], "").strip('"'), text)


def is_optional(tree: SourceTree, sources: Iterable[str]) -> bool:
    """Whether `config.h` is included under the condition HAVE_CONFIG_H alone, so that it goes without."""
    texts = [text for text in map(tree.read, sources) if _CONFIG.search(text)]
    return all(len(_CONFIG.findall(text)) == len(_GUARDED.findall(text)) for text in texts)


_CONFIG = re.compile(r"#[ \t]*include[ \t]*[<\"]config\.h")
_GUARDED = re.compile(
    r"#[ \t]*if[^\n]{0,99}HAVE_CONFIG_H[^\n]{0,99}\n(?:[^\n]{0,99}\n){0,2}?[ \t]*#[ \t]*include[ \t]*[<\"]config\.h"
)


def config_header(
    tree: SourceTree,
    sources: Iterable[str],
    variables: Mapping[str, str],
    headers: Iterable[str],
    functions: Iterable[str],
) -> str:
    """A `config.h` where upstream's configure makes one without a template: what the sources ask for, and libc has."""
    asked = set(
        re.findall(r"\b(?:HAVE|SIZEOF|PACKAGE|GETTEXT)_\w+|\b(?:PACKAGE|VERSION)\b", "".join(map(tree.read, sources)))
    )
    return configured("".join(f"#undef {name}\n" for name in sorted(asked)), variables, headers, functions)


def template_variables(tree: SourceTree, name: str, version: str) -> Mapping[str, str]:
    """What templates ask for: name and version in all of their spellings, and what CMake's files set to plain texts."""
    parts = [*re.findall(r"\d+", version), "0", "0", "0"][:3]
    found: dict[str, str] = {"PACKAGE": f'"{name}"', "GETTEXT_PACKAGE": f'"{name}"', "VERSION": f'"{version}"'}
    for key in ("NAME", "TARNAME"):
        found[f"PACKAGE_{key}"] = f'"{name}"'
    found |= {"PACKAGE_VERSION": f'"{version}"', "PACKAGE_STRING": f'"{name} {version}"', "PACKAGE_BUGREPORT": '""'}
    found |= {"PACKAGE_URL": '""'}
    for path in tree.named("CMakeLists.txt"):
        for command, words in cmake_commands(tree.read(path)):
            if command == "project" and words:
                for prefix in ("PROJECT", words[0], "CMAKE_PROJECT"):
                    found |= {f"{prefix}_NAME": words[0], f"{prefix}_VERSION": version}
                    for part, value in zip(("MAJOR", "MINOR", "PATCH"), parts, strict=True):
                        found[f"{prefix}_VERSION_{part}"] = value
            elif command == "set" and len(words) == 2 and re.fullmatch(r"[\w.+-]*", words[1]):
                found.setdefault(words[0], words[1])
    return found


def templates(tree: SourceTree, header: str) -> Iterator[str]:
    """Files that a header is made from."""
    name = PurePosixPath(header).name
    stem = name.removesuffix(".h")
    yield from tree.named(f"{name}.in", f"{stem}.hin", f"{name}.cmake.in", f"{name}.cmake", f"{name}.in.cmake")
