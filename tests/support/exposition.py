#!/usr/bin/env python3
"""Read Prometheus's text exposition format 0.0.4 as its specification has it, and be strict about it.

Written from the specification, not from nida's code. Whatever a scraper may take offence at is an error:
a sample without HELP and TYPE before it, a metric told in two places, a sample or a label twice, a name
or an escape that is none, a value that is no number, a counter that does not end in _total, a last line
without its end.

usage: exposition.py <TEXT     prints {"name": {"type": …, "samples": [[{labels}, value], …]}, …}
"""
import json
import re
import sys

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
VALUE = re.compile(r"[+-]?(\d+(\.\d*)?([eE][+-]?\d+)?|Inf|NaN)")


def wrong(number, line, why):
    sys.exit(f"line {number}: {why}: {line!r}")


def read_labels(number, line, at):
    """From the brace on; gives the labels and where they end."""
    labels = {}
    at += 1
    while line[at:at + 1] != "}":
        name = LABEL.match(line, at)
        if not name or line[name.end():name.end() + 2] != '="':
            wrong(number, line, "no label")
        at, value = name.end() + 2, ""
        while line[at:at + 1] != '"':
            if line[at:at + 1] == "":
                wrong(number, line, "a label without its end")
            if line[at] == "\\":
                if line[at + 1:at + 2] not in ("\\", '"', "n"):
                    wrong(number, line, "no such escape")
                value += {"n": "\n"}.get(line[at + 1], line[at + 1])
                at += 2
            else:
                value += line[at]
                at += 1
        if name[0] in labels:
            wrong(number, line, "a label twice")
        labels[name[0]] = value
        at += 1
        if line[at:at + 1] == ",":
            at += 1
        elif line[at:at + 1] != "}":
            wrong(number, line, "labels stand with commas between them")
    return labels, at + 1


def read(text):
    if text and not text.endswith("\n"):
        sys.exit("the last line has no end")
    metrics, current, seen = {}, None, set()
    for number, line in enumerate(text.splitlines(), 1):
        comment = re.fullmatch(r"# (HELP|TYPE) (\S+) (.+)", line)
        if comment:
            kind, name, rest = comment.groups()
            if not NAME.fullmatch(name):
                wrong(number, line, "no name of a metric")
            if kind == "HELP":
                if name in metrics:
                    wrong(number, line, "told in two places")
                metrics[name] = {"help": rest, "samples": []}
            elif name != current or "type" in metrics[name] or metrics[name]["samples"]:
                wrong(number, line, "TYPE follows HELP, once, before the samples")
            elif rest not in ("counter", "gauge", "untyped"):
                wrong(number, line, "no type that this test knows")
            else:
                metrics[name]["type"] = rest
                if (rest == "counter") != name.endswith("_total"):
                    wrong(number, line, "counters, and they alone, end in _total")
            current = name
            continue
        if line == "" or line.startswith("#"):
            continue
        name = NAME.match(line)
        if not name or name[0] != current or "type" not in metrics[current]:
            wrong(number, line, "a sample outside its metric")
        labels, at = {}, name.end()
        if line[at:at + 1] == "{":
            labels, at = read_labels(number, line, at)
        if not line[at:].startswith(" ") or not VALUE.fullmatch(line[at + 1:]):
            wrong(number, line, "one value after one space")
        key = (name[0], tuple(sorted(labels.items())))
        if key in seen:
            wrong(number, line, "a sample twice")
        seen.add(key)
        metrics[current]["samples"].append([labels, float(line[at + 1:])])
    return metrics


print(json.dumps(read(sys.stdin.read())))
