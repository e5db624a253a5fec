"""A program that means harm, compiled by the real toolchain and run as users run programs. It gets nothing of the
machine but what it was given, and whoever runs it goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import wasmtime

pytestmark = pytest.mark.slow

SECRET = "the secret of the machine"

MANIFEST = """
name: hostile
libraries:
  plug: {sources: [plug.c], exports: [plugged]}
programs:
  attack: {sources: [attack.c], requires: [plug]}
  honest: {sources: [honest.c]}
tests:
  - {name: before, run: honest, stdout: "honest\\n"}
  - {name: nests, run: attack, args: [nest, 1000, d], timeout_s: 300}
  - {name: nests deeply, run: attack, args: [nest, 3000, d, forever], timeout_s: 300}
  - {name: nests long names, run: attack, args: [nest, 300, dddddddddddddddddddddddddddddd, forever], timeout_s: 300}
  - {name: makes links, run: attack, args: [links]}
  - {name: opens without an end, run: attack, args: [descriptors]}
  - {name: fills the disk, run: attack, args: [disk], timeout_s: 300}
  - {name: makes files without an end, run: attack, args: [files], timeout_s: 300}
  - {name: grows a file, run: attack, args: [sparse], stdout_matches: "too large for this process to open"}
  - {name: leaves a large file, run: attack, args: [grow], produces: {large: {equals: honest.c}}}
  - {name: prints without an end, run: attack, args: [print], timeout_s: 300}
  - {name: never ends, run: attack, args: [loop], timeout_s: 2}
  - {name: sleeps, run: attack, args: [sleep], timeout_s: 2}
  - {name: crashes, run: attack, args: [crash]}
  - {name: points outside, run: attack, args: [pointers]}
  - {name: after, run: honest, stdout: "honest\\n"}
"""

FAILURES = {
    "nests deeply": "made directories that are nested too deeply to look at, and was stopped",
    "nests long names": "made directories that are nested too deeply to look at, and was stopped",
    "fills the disk": "wrote more than 1024 MiB, and was stopped",
    "makes files without an end": "made more than 100000 files and directories, and was stopped",
    "leaves a large file": "`large` differs from `honest.c`",
    "prints without an end": "printed more than 16 MiB, and was stopped",
    "never ends": "ran longer than its limit of 2 s, and was stopped",
    "sleeps": "ran longer than its limit of 2 s, and was stopped",
    "crashes": "trapped: unreachable code reached",
    "points outside": "trapped: memory access out of bounds",
}

ATTACK = r"""
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int plugged(void);
__attribute__((import_module("wasmbuild"), import_name("dlerror"))) int raw_dlerror(char *, int);

static unsigned char bytes[4096];
static size_t used;
static void put(const void *data, size_t size) { memcpy(bytes + used, data, size); used += size; }

/* A subsection with one name; lengths have two bytes. */
static unsigned char *names(unsigned char *at, int kind, const char *name) {
  size_t n = strlen(name), size = n + 3;
  unsigned char head[] = {kind, size | 0x80, size >> 7, 1, n | 0x80, n >> 7};
  memcpy(at, head, 6);
  memcpy(at + 6, name, n);
  return at + 6 + n;
}

/* A library without contents, that needs another. */
static void library(const char *path, const char *runtime_path, const char *needed) {
  unsigned char inner[512], *at = inner;
  used = 0;
  put("\0asm\1\0\0\0", 8);
  *at++ = 8; memcpy(at, "dylink.0", 8); at += 8;
  memcpy(at, "\1\4\0\0\0\0", 6); at += 6;
  at = names(at, 2, needed);
  if (*runtime_path) at = names(at, 5, runtime_path);
  unsigned size = at - inner;
  unsigned char head[3] = {0, size | 0x80, size >> 7};
  put(head, 3); put(inner, size);
  FILE *file = fopen(path, "wb");
  if (!file) { perror(path); exit(9); }
  fwrite(bytes, 1, used, file);
  fclose(file);
}

static void number(unsigned n, FILE *file) {
  unsigned char five[5] = {n | 128, n >> 7 | 128, n >> 14 | 128, n >> 21 | 128, n >> 28};
  fwrite(five, 1, 5, file);
}

static void tell(const char *name) {
  void *handle = dlopen(name, RTLD_NOW);
  printf("%s: %s\n", name, handle ? "OPENED" : dlerror());
}

static void dump(const char *path) {
  char line[200] = "";
  FILE *file = fopen(path, "r");
  if (file) fgets(line, sizeof line, file);
  printf("%s: %s %s\n", path, file ? "READ" : "no", line);
  if (file) fclose(file);
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  static char buffer[1 << 16];
  if (!strcmp(what, "escape")) {  /* escape DIRECTORY NAME: of a file outside */
    char path[400], *ups = "../../../../../../../../../../../..";
    snprintf(path, sizeof path, "%s/%s", argv[2], argv[3]);
    library("/a.so", "", path); tell("/a.so");
    library("/b.so", argv[2], argv[3]); tell("/b.so");
    snprintf(path, sizeof path, "%s%s/%s", ups, argv[2], argv[3]);
    library("/c.so", "", path); tell("/c.so");
    tell(path); dump(path);
    printf("symlink: %d\n", symlink(path, "/link.so"));
    dump("/link.so"); tell("/link.so");
    library("/d.so", "$ORIGIN", "link.so"); tell("/d.so");
    snprintf(path, sizeof path, "%s%s", ups, argv[2]);
    printf("symlink: %d\n", symlink(path, "/out"));
    snprintf(path, sizeof path, "/out/%s", argv[3]);
    dump(path); tell(path);
    library("/e.so", "$ORIGIN/out", argv[3]); tell("/e.so");
    library("/f.so", "", path + 1); tell("/f.so");
    snprintf(path, sizeof path, "%s/%s", argv[2], argv[3]);
    printf("absolute symlink: %d\n", symlink(path, "/absolute.so"));
    tell("/absolute.so"); dump("/absolute.so"); dump(path);
    tell(argv[3]);
    Dl_info info;
    if (dladdr((void *)plugged, &info)) printf("plug is %s\n", info.dli_fname);
  } else if (!strcmp(what, "nest")) {
    int here = open("/", O_RDONLY | O_DIRECTORY);
    for (int i = atoi(argv[2]); i--;) {
      if (mkdirat(here, argv[3], 0755)) return 9;
      int inner = openat(here, argv[3], O_RDONLY | O_DIRECTORY);
      if (inner < 0) return 8;
      close(here);
      here = inner;
    }
    while (argc > 4) __asm__ volatile("");
  } else if (!strcmp(what, "links")) {
    symlink(".", "/self"); symlink("loop2", "/loop1"); symlink("loop1", "/loop2");
    symlink("../../../../../../../../etc", "/etc");
    mkdir("/d", 0); link("/self", "/hard");
    for (int i = 1; i < 255; i++) {
      char name[] = {'/', i, '*', 0};
      if (i != '/') close(open(name, O_CREAT | O_WRONLY, 0));
    }
    dump("/etc/passwd");
    tell("/self/self/self/loop1");
  } else if (!strcmp(what, "descriptors")) {
    int count = 0;
    while (open("/", O_RDONLY | O_DIRECTORY) >= 0) count++;
    if (errno != EMFILE || count > 300) return 9;
    printf("%d\n", count);
    return dlopen("libplug.so", RTLD_NOW) ? 0 : 8;
  } else if (!strcmp(what, "disk")) {
    for (int n = 0;; n++) {
      char name[20];
      snprintf(name, sizeof name, "/f%d", n);
      int file = open(name, O_CREAT | O_WRONLY, 0644);
      for (int i = 0; i < 256; i++) write(file, buffer, sizeof buffer);
      close(file);
    }
  } else if (!strcmp(what, "files")) {
    for (int n = 0;; n++) {
      char name[20];
      snprintf(name, sizeof name, "/f%d", n);
      close(open(name, O_CREAT | O_WRONLY, 0644));
    }
  } else if (!strcmp(what, "sparse") || !strcmp(what, "grow")) {
    int file = open("/large", O_CREAT | O_RDWR, 0644);
    if (!ftruncate(file, 3LL << 30)) return 9;
    if (ftruncate(file, 1000LL << 20)) return 8;
    if (*what == 'g') return 0;
    tell("/large");
    library("/needs.so", "$ORIGIN", "large"); tell("/needs.so");
  } else if (!strcmp(what, "print")) {
    for (;;) fwrite(buffer, 1, sizeof buffer, stdout);
  } else if (!strcmp(what, "loop")) {
    for (;;) __asm__ volatile("");
  } else if (!strcmp(what, "sleep")) {
    sleep(3600);
  } else if (!strcmp(what, "crash")) {
    abort();
  } else if (!strcmp(what, "pointers")) {
    dlopen((char *)0xfffffff0, RTLD_NOW); puts(dlerror());
    dlopen("/gone.so", RTLD_NOW);
    raw_dlerror((char *)0xfffffff0, 4096);
  } else if (!strcmp(what, "compile")) {  /* compile FUNCTIONS: a library that takes long */
    int functions = atoi(argv[2]);
    FILE *file = fopen("/slow.so", "wb");
    unsigned char body[600] = {0};
    int size = 0;
    body[size++] = 0;
    body[size++] = 0x41; body[size++] = 1;
    while (size < 500) { body[size++] = 0x41; body[size++] = size & 63; body[size++] = 0x6c; }
    body[size++] = 0x0b;
    fwrite("\0asm\1\0\0\0\0\17\10dylink.0\1\4\0\0\0\0\1\5\1\140\0\1\177", 1, 32, file);
    unsigned n = functions;
    fputc(3, file); number(n + 5, file); number(n, file);
    for (unsigned i = 0; i < n; i++) fputc(0, file);
    fputc(10, file); number(n * (size + 5) + 5, file); number(n, file);
    for (unsigned i = 0; i < n; i++) { number(size, file); fwrite(body, 1, size, file); }
    fclose(file);
    tell("/slow.so");
  }
  return 0;
}
"""

FILES = {
    "wasmbuild.yaml": MANIFEST,
    "attack.c": ATTACK,
    "plug.c": "int plugged(void) { return 1; }\n",
    "honest.c": '#include <stdio.h>\nint main(void) { puts("honest"); return 0; }\n',
}

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, project: Any, run_wasmbuild: Run) -> Path:
    """The project, built."""
    directory = Path(project(tmp_path_factory.mktemp("hostile"), FILES))
    ran = run_wasmbuild("build", cwd=directory)
    assert ran.status == 0, ran.stderr
    return directory


@pytest.mark.parametrize("way", ["run", "load"])
def test_nothing_outside_is_read_or_opened_and_nobody_is_told_whether_it_is_there(
    hostile: Path, run_wasmbuild: Run, tmp_path: Path, way: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text(f"{SECRET}\n")
    (outside / "foreign.so").write_bytes(wasmtime.wat2wasm("(module (@dylink.0 (mem-info (memory 0 0))))"))
    program = hostile / "build" / "bin" / "attack.wasm"
    heard = set()
    for name in ("secret.txt", "foreign.so", "gone.so"):
        given = tmp_path / f"given to {name}"
        given.mkdir()
        if way == "run":
            ran = run_wasmbuild("run", "--dir", f"{given}::/", program, "escape", outside, name, cwd=hostile)
            said = ran.stdout
        else:
            said = in_python(
                f"with wasmbuild.load({str(program)!r}, directories=[({str(given)!r}, '/')], stdio='captured',"
                f" args=['escape', {str(outside)!r}, {name!r}]) as process:\n"
                "    process.run()\nsys.stdout.write(process.stdout.decode())\n"
            )
        assert not [word for word in (SECRET, "OPENED", "READ", str(hostile)) if word in said], said
        assert said.count("library not found") == 11, said
        assert "plug is ./libplug.so" in said
        heard.add(said.replace(name, "NAME"))
    assert len(heard) == 1, heard


def in_python(script: str, timeout_s: float = 300) -> str:
    """What a script prints that uses `wasmbuild` as a library."""
    command = [sys.executable, "-c", f"import os, sys, wasmbuild\n{script}"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s, check=False)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    return ran.stdout


def test_the_tests_of_others_go_on(hostile: Path, run_wasmbuild: Run, tmp_path: Path) -> None:
    """Whatever one does, it is that one's failure; and of all that they made, nothing stays."""
    ran = run_wasmbuild("test", "--json", "-j2", cwd=hostile, env={"TMPDIR": str(tmp_path)}, timeout_s=1200)
    outcomes = {each["name"]: each for each in ran.json()["tests"]}
    failed = {name: each["message"] for name, each in outcomes.items() if each["status"] != "passed"}
    assert set(failed) == set(FAILURES), ran.stdout
    for name, message in FAILURES.items():
        assert failed[name].startswith(message), failed[name]
    assert outcomes["before"]["status"] == outcomes["after"]["status"] == "passed"
    assert list(tmp_path.iterdir()) == []


def test_a_host_in_python_goes_on(hostile: Path, tmp_path: Path) -> None:
    """One process after the other in one Python: what each did to itself, the next does not feel."""
    program = hostile / "build" / "bin" / "attack.wasm"
    said = in_python(
        f"""
import gc
def attack(*args, **more):
    given = {{"directories": [({str(tmp_path)!r}, "/")], "stdio": "captured", "args": args, **more}}
    process = wasmbuild.load({str(program)!r}, **given)
    try:
        return process.run(), process.stdout.decode()
    except wasmbuild.Trap as trap:
        return trap.kind, process.stdout.decode()
print(attack("descriptors"))
print(attack("descriptors"))
print(attack("loop", timeout_s=1)[0])
print(attack("loop", fuel=1000000)[0])
print(attack("pointers")[0])
print(attack("crash")[0])
print(attack("compile", "20000", timeout_s=3)[0])
print(attack("compile", "10", timeout_s=100))
gc.collect()
print(len(os.listdir("/proc/self/fd")) < 20)
"""
    )
    count = "(0, '256\\n')"
    assert said.splitlines() == [
        *(count, count, "out-of-time", "out-of-fuel", "memory-out-of-bounds", "unreachable", "out-of-time"),
        *("(0, '/slow.so: OPENED\\n')", "True"),
    ]
    assert os.listdir(tmp_path) == ["slow.so"]
