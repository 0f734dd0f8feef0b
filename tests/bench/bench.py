#!/usr/bin/env python3
"""make bench: what nida costs, side by side with references measured in the same run.

Each figure is a function here. It measures nida and its reference by turns, and returns rows for
the table: the name, what nida took, what the reference took, the ratio, the goal, and whether it is
met. Figures are ratios wherever there is a reference, because the machine differs from day to day.

usage: bench.py BUILD [FIGURE...]
"""
import json
import os
import platform
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ground
from ground import Bench

TAKES = 5  # of everything that takes less than 20 s
CALL_MS = 500  # a call, in the figures that go as fast as they can: the cap of 4,000 live is reached
MOST_CALLS = 20_000  # in those figures
GROWTH = (1_000, 10_000, 100_000, 1_000_000)
MIB = 1024 * 1024


class Row:
    """A line of the table. `goal` is a number that `value` must stay below, or reach; `limits` is
    what a profile (perf record --call-graph dwarf) showed of a figure that misses it."""

    def __init__(self, figure, nida, reference, value, goal, text, below=True, limits=""):
        self.figure, self.nida, self.reference = figure, nida, reference
        self.value, self.goal, self.text = value, goal, text
        self.met = value <= goal if below else value >= goal
        self.limits = "" if self.met else limits
        self.missed_by = 1.0 if self.met else max(value, goal) / max(min(value, goal), 1e-9)

    def verdict(self):
        return "met" if self.met else f"missed, by a factor of {self.missed_by:.2f}"


def seconds(value):
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.1f} ms"


def by_turns(takes, *measures):
    """The medians of the measures, taken by turns: what slows the machine slows them alike."""
    taken = [[] for _ in measures]
    for _ in range(takes):
        for values, measure in zip(taken, measures):
            values.append(measure())
    return [statistics.median(values) for values in taken]


# ---- lists ------------------------------------------------------------------------------------------

def freeze(b):
    """Reading, checking, normalising, de-duplicating and freezing a list; check alone; memory."""
    rows = b.rows(1_000_000)
    site = b.site("freeze", rows)
    most = {}

    def frozen():
        done = site.freeze()
        most["freeze"] = max(most.get("freeze", 0), done.peak)
        return done.seconds

    def checked():
        done = site.check()
        most["check"] = max(most.get("check", 0), done.peak)
        return done.seconds

    nida, check, reference = by_turns(TAKES, frozen, checked, lambda: ground.sqlite_import(b, site))
    small = b.site("freeze-small", 10_000)
    least = small.freeze().peak
    name = f"a list of {rows:,} rows"
    return [
        Row(f"freeze {name}", seconds(nida), seconds(reference), nida / reference, 2.5,
            "≤ 2.5 × sqlite3 .import"),
        Row(f"check {name}", seconds(check), seconds(reference), check / reference, 1.5,
            "≤ 1.5 × sqlite3 .import"),
        Row(f"peak memory of freeze, {rows:,} rows", f"{most['freeze'] / MIB:.1f} MiB",
            f"{least / MIB:.1f} MiB at 10,000", most["freeze"] / MIB, 32, "≤ 32 MiB, constant"),
        Row(f"peak memory of check, {rows:,} rows", f"{most['check'] / MIB:.1f} MiB", "–",
            most["check"] / MIB, 32, "≤ 32 MiB, constant"),
    ]


def resume(b):
    """From `nida run` to the first POST, half the list done; `status` of the same ledger."""
    site = b.half_done(b.rows(1_000_000))
    with b.server(call_ms=600_000) as server:
        runs = [site.first_post(server) for _ in range(TAKES)]
    return [
        Row(f"resume, {site.rows:,} rows half done", seconds(statistics.median(runs)), "–",
            statistics.median(runs) * 1000, 100, "first POST ≤ 100 ms")
    ]


def status(b):
    site = b.half_done(b.rows(1_000_000))
    taken, = by_turns(2 * TAKES, lambda: site.nida("status", site.campaign, "--ledger",
                                                   site.ledger).seconds)
    return [Row(f"status, {site.rows:,} rows", seconds(taken), "–", taken * 1000, 50, "≤ 50 ms")]


def rehearse(b):
    """Three days of hours for the list."""
    rows = b.rows(100_000)
    site = b.site("rehearse", rows, calls_per_minute=max(1, rows // 1440 + 20), live=1000,
                  hours="{timezone: Asia/Muscat, open: {daily: [\"09:00-17:00\"]}}",
                  retry="{attempts: 2, on: {no_answer: [2h]}}", breaker="90%")
    done = site.nida("rehearse", site.campaign)
    return [
        Row(f"rehearsal of {rows:,} rows over three days", seconds(done.seconds), "–",
            done.seconds, 10, "≤ 10 s (one take)"),
    ]


# ---- calls ------------------------------------------------------------------------------------------

def calls(b):
    """Whole calls a second against what bare libcurl does with the same server."""
    rows = b.rows(MOST_CALLS)
    peaks, live = [], []

    with b.server(call_ms=CALL_MS) as server:
        def whole():
            site = b.site("calls", rows, calls_per_minute=100_000, live=4000, poll="5s")
            server.forget(CALL_MS)
            peaks.append(site.run(speed=20).peak)
            c = server.counts()
            live.append(c["most_live"])
            if c["posts"] != rows or c["reads"] < rows:
                raise SystemExit(f"bench: {c} is not {rows} whole calls")
            return rows / ((c["last_read_us"] - c["first_post_us"]) / 1e6)

        def bare():
            server.forget(CALL_MS)
            out = subprocess.run([b.program("flood"), server.origin, str(rows), "64"], check=True,
                                 capture_output=True, text=True).stdout.split()
            return int(out[0]) / float(out[1])

        nida, reference = by_turns(TAKES, whole, bare)
    return [
        Row(f"whole calls a second, {rows:,}, {max(live):,} live", f"{nida:,.0f} calls/s",
            f"{reference:,.0f} requests/s", 2 * nida / reference, 0.5,
            "2 × calls ≥ 0.5 × requests of bare libcurl", below=False,
            limits="of its processor time libcurl and sockets take 30 %, writing and syncing the "
                   "ledger's log 24 %, SQL 22 %, JSON 7 %; a fifth of the time waits for the disk"),
        Row(f"peak memory of running {rows:,} calls", f"{max(peaks) / MIB:.1f} MiB", "–",
            max(peaks) / MIB, 32, "≤ 32 MiB"),
    ]


def requests(b):
    """1,000 live calls of 60 s asked after every 5 s, in a time that runs twenty times as fast."""
    rows, speed = b.rows(3_000), 20
    site = b.site("requests", rows, calls_per_minute=1000, live=1000, poll="5s")
    with b.server(call_ms=60_000 // speed) as server:
        site.run(speed=speed)
        c = server.counts()
    sent = (c["posts"] + c["reads"] + c["pages"] + c["others"]) / rows
    return [Row(f"requests a call, {c['most_live']:,} live calls of 60 s", f"{sent:.3f}", "13",
                sent, 2.1, "≤ 2.1 (a GET a call and poll: 13)")]


def pace(b):
    """Twenty calls a second for 60 s with calls coming and going."""
    span = b.span(60)
    rows, rate = 20 * span + 1, 20.0
    site = b.site("pace", rows, calls_per_minute=60 * 20, live=1000, poll="5s")
    with b.server(call_ms=8_000) as server:
        site.run(speed=1)
        starts = server.starts()
    gaps = [(after - before) / 1e6 for before, after in zip(starts, starts[1:])]
    late = sorted(1000 * (gap - 1 / rate) for gap in gaps)
    kept = len(gaps) / ((starts[-1] - starts[0]) / 1e6) / rate
    window = max(sum(1 for s in starts[i:i + 1300] if s < first + 60_000_000)
                 for i, first in enumerate(starts))
    p99 = late[int(len(late) * 0.99)]
    return [
        Row(f"pace of 20/s for {span} s: most in any 60 s", f"{window}", "1200", window, 1200,
            "never over the limit"),
        Row("pace: rate kept", f"{100 * kept:.2f} %", "100 %", kept, 0.995, "≥ 99.5 %", below=False,
            limits="no two calls start closer than 60 s / pace, and what timers and commits are late "
                   "by is not caught up"),
        Row("pace: lateness, 99th percentile", f"{p99:.2f} ms", "0 ms", p99, 5, "≤ 5 ms"),
    ]


def processor(b):
    """Processor time of a run that places ten calls a second, start and reports left out."""
    span = b.span(40)
    site = b.site("processor", 10 * span + 1, calls_per_minute=600, live=1000, poll="5s")
    idle = b.site("processor-idle", 2, calls_per_minute=600, live=1000, poll="5s")
    with b.server(call_ms=3_000) as server:
        used = site.run(speed=1).processor
        server.forget(3_000)
        used -= idle.run(speed=1).processor
    share = 100 * used / span
    return [Row("processor at 10 calls a second", f"{share:.2f} % of a core", "–", share, 1,
                "≤ 1 % of a core",
                limits="writing and syncing the ledger's log, 2.2 commits and 20 pages a call, takes "
                       "38 %, libcurl and sockets 17 %, SQL 20 %; the rest is waking up")]


# ---- reports ----------------------------------------------------------------------------------------

def report(b):
    rows = b.rows(100_000)
    site = b.finished(rows)
    all_three, csv_only, reference = by_turns(
        TAKES,
        lambda: site.report("csv, html, json").seconds,
        lambda: site.report("csv").seconds,
        lambda: ground.python_csv(b, site))
    return [
        Row(f"results.csv of {rows:,} calls", seconds(csv_only), seconds(reference),
            reference / csv_only, 3, "≥ 3 × faster than Python's csv", below=False),
        Row("results.csv + .jsonl + report.html", seconds(all_three), seconds(reference),
            all_three / reference, 2, "≤ 2 × Python's CSV alone"),
    ]


# ---- growth -----------------------------------------------------------------------------------------

def growth(b):
    """How the costs grow with the list: printed as a table of its own. Calls are placed out of a
    list that is half done, at most MOST_CALLS of them."""
    table = []
    with b.server(call_ms=600_000) as server:
        for rows in GROWTH:
            if rows > b.most:
                break
            site = b.site(f"growth-{rows}", rows)
            takes = TAKES if rows < 1_000_000 else 3
            frozen = [site.freeze() for _ in range(takes)]
            checked = [site.check() for _ in range(takes)]
            half = b.half_done(rows)
            table.append({
                "rows": rows,
                "freeze_s": statistics.median(f.seconds for f in frozen),
                "check_s": statistics.median(f.seconds for f in checked),
                "resume_s": statistics.median(half.first_post(server) for _ in range(takes)),
                "status_s": statistics.median(
                    half.nida("status", half.campaign, "--ledger", half.ledger).seconds
                    for _ in range(takes)),
                "memory_mib": max(f.peak for f in frozen + checked) / MIB,
            })
            b.drop(site)
    with b.server(call_ms=CALL_MS) as server:
        for line in table:
            calls = min(line["rows"] // 2 - TAKES, MOST_CALLS)
            server.forget(CALL_MS)
            b.half_done(line["rows"]).call(20, "--limit", str(calls), codes=(0, 3))
            c = server.counts()
            if c["posts"] != calls or c["reads"] < calls:
                raise SystemExit(f"bench: {c} is not {calls} whole calls")
            line["calls_a_second"] = calls / ((c["last_read_us"] - c["first_post_us"]) / 1e6)
    b.growth = table
    return []


def growth_text(table):
    lines = ["", f"{'rows':>9}  {'freeze':>10}  {'µs/row':>6}  {'check':>10}  {'µs/row':>6}  "
                 f"{'memory':>8}  {'resume':>9}  {'status':>9}  {'calls/s':>8}"]
    for g in table:
        rate = f"{g['calls_a_second']:,.0f}" if "calls_a_second" in g else "–"
        lines.append(
            f"{g['rows']:>9,}  {seconds(g['freeze_s']):>10}  {1e6 * g['freeze_s'] / g['rows']:>6.2f}"
            f"  {seconds(g['check_s']):>10}  {1e6 * g['check_s'] / g['rows']:>6.2f}"
            f"  {g['memory_mib']:>4.1f} MiB  {seconds(g['resume_s']):>9}  {seconds(g['status_s']):>9}"
            f"  {rate:>8}")
    return "\n".join(lines)


FIGURES = {f.__name__: f for f in (calls, requests, freeze, resume, pace, processor, report, status,
                                   rehearse, growth)}


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="ascii") as f:
        for line in f:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"


def main():
    build, wanted = sys.argv[1], sys.argv[2:] or list(FIGURES)
    unknown = [name for name in wanted if name not in FIGURES]
    if unknown:
        raise SystemExit(f"bench: no figure is called {', '.join(unknown)}; there are "
                         f"{', '.join(FIGURES)}.")
    began = time.monotonic()
    rows = []
    with Bench(build) as b:
        for name in wanted:
            print(f"bench: {name} …", file=sys.stderr, flush=True)
            rows += FIGURES[name](b)
    width = max((len(row.figure) for row in rows), default=0)
    for row in rows:
        print(f"{row.figure:<{width}}  {row.nida:>16}  {row.reference:>18}  {row.value:>8.2f}  "
              f"{row.text}: {row.verdict()}")
        if row.limits:
            print(f"{'':<{width}}    {row.limits}")
    if b.growth:
        print(growth_text(b.growth))
    result = {
        "date": time.strftime("%Y-%m-%d"), "machine": machine(), "load": os.getloadavg()[0],
        "takes": TAKES, "seconds": round(time.monotonic() - began),
        "figures": [{"figure": r.figure, "nida": r.nida, "reference": r.reference,
                     "value": round(r.value, 4), "goal": r.text, "met": r.met,
                     "missed_by": round(r.missed_by, 3), "limits": r.limits} for r in rows],
        "growth": b.growth,
    }
    path = os.path.join(build, "bench", "results.json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump(result, f, ensure_ascii=False, indent=1)
        f.write("\n")
    print(f"\n{result['machine']}; load {result['load']:.1f}; {result['seconds']} s; {path}")


main()
