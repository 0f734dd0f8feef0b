#!/usr/bin/env python3
"""What the manuals and completions say, as JSON, so that a test can compare it with what nida does.

usage: manual.py options MAN BASH ZSH      options and verbs, of each
       manual.py keys MAN SOURCE...        keys of campaign and scenario, documented and read
       manual.py examples MAN FOLDER       the whole examples, written as campaign.yaml and scenario.yaml
"""
import json
import re
import sys


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def man_options(text):
    """The options of each verb by the synopsis, and those that are explained."""
    synopsis = text[text.index(".Sh SYNOPSIS"):text.index(".Sh DESCRIPTION")]
    verbs = {}
    for block in synopsis.split(".Nm\n")[1:]:
        named = re.match(r"\.Cm (.+)\n", block)
        for verb in named[1].split(" | ") if named and "Fl -help" not in block else []:
            # `suppress` names what it does where others name nothing.
            verbs.setdefault(verb, []).extend(re.findall(r"Fl -([a-z-]+)", block))
    explained = re.findall(r"^\.It Fl -([a-z-]+)", text, re.M)
    return {"verbs": verbs, "explained": explained,
            "described": re.findall(r"^\.It Cm ([a-z-]+)", text, re.M)}


def bash_options(text):
    verbs = {}
    for names, body in re.findall(r"^\t([a-z| -]+)\)\s*echo ((?:[^;]|\n)+?);;", text, re.M):
        for verb in re.split(r" *\| *", names):
            verbs[verb] = re.findall(r"--([a-z-]+)", body)
    with_value = re.search(r"case \$\{COMP_WORDS\[i\]\} in\n(.+?)\) \(\(i\+\+\)\)", text, re.S)[1]
    return {"verbs": verbs, "listed": re.search(r'local verbs="([^"]+)"', text)[1].split(),
            "with_value": re.findall(r"--([a-z-]+)", with_value)}


def zsh_options(text):
    verbs = {}
    for names, body in re.findall(r"^\t([a-z| -]+)\)\s*names=\(([^)]*)\)", text, re.M):
        for verb in re.split(r" *\| *", names):
            verbs[verb] = body.split() + ["help"]
    entries = re.findall(r"^\t\t([a-z-]+) ('.+')$", text, re.M)
    return {"verbs": verbs, "listed": re.findall(r"^\t\t\t['\"]([a-z-]+):", text, re.M),
            "with_value": [name for name, spec in entries if "]:" in spec],
            "known": [name for name, _ in entries]}


def documented_keys(text):
    """Parts of dotted keys count by themselves; `a.b , c` is a.b and a.c."""
    parts = {"campaign": {}, "scenario": {}}
    where = None
    for block in re.split(r"^(?=\.Sh |\.It Ic )", text, flags=re.M):
        section = re.match(r"\.Sh ([A-Z]+)", block)
        if section:
            where = section[1].lower() if section[1] in ("CAMPAIGN", "SCENARIO") else None
        item = re.match(r"\.It Ic ([a-z_.]+)((?: , [a-z_]+)*)(.*)\n((?:.|\n)*)", block)
        if not where or not item:
            continue
        for name in item[1].split(".") + re.findall(r"[a-z_]+", item[2]):
            parts[where][name] = {"type": item[3].strip(), "text": item[4]}
    return parts


def read_keys(paths):
    return sorted(set(re.findall(r'\{"([a-z_]+)", KEY_(?:REQUIRED|OPTIONAL)',
                                 "".join(read(path) for path in paths))))


def examples(text):
    section = text[text.index(".Sh EXAMPLES"):]
    blocks = re.findall(r"^\.Bd -literal.*\n((?:.|\n)*?)^\.Ed", section, re.M)
    return [block.replace("\\(dq", '"').replace("\\e", "\\") for block in blocks]


what, *arguments = sys.argv[1:]
if what == "options":
    man, bash, zsh = map(read, arguments)
    print(json.dumps({"man": man_options(man), "bash": bash_options(bash), "zsh": zsh_options(zsh)}))
elif what == "keys":
    text = read(arguments[0])
    print(json.dumps({"documented": documented_keys(text), "read": read_keys(arguments[1:]),
                      "examples": [sorted(set(re.findall(r"(?:^|[\s{,])([a-z_]+):", block)))
                                   for block in examples(text)]}))
else:
    for name, block in zip(("campaign", "scenario"), examples(read(arguments[0]))):
        with open(f"{arguments[1]}/{name}.yaml", "w", encoding="utf-8") as file:
            file.write(block)
