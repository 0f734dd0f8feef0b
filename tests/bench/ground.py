"""The ground that the figures stand on: lists, campaigns, ledgers, the fast server, and programs that
are timed. A site is a folder with a campaign, its list and its ledger; everything lies in
build/bench/work and is thrown away at the end."""
import json
import os
import shutil
import sqlite3
import subprocess
import time
import urllib.request
from contextlib import contextmanager

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
NAMES = ("سالم بن حمد الهنائي", "Fatma Al Balushi", "أحمد بن سعيد الحارثي", "Mohammed Al Lawati",
         "مريم بنت خميس البلوشية", "Khalid Al Amri")
CITIES = ("مسقط", "Seeb", "نزوى", "Sohar", "صلالة", "Muscat")
COLUMNS = "account_no,customer_name,mobile,lang,balance,due_date,city\n"
NIGHT_MS = 1_795_000_000_000

CAMPAIGN = """campaign: {name}
scenario: {root}/scenarios/payment-reminder.yaml
list: {{file: list.csv, phone: mobile, key: account_no, language: lang, country: OM}}
from: "+96824000000"
agent: d949f13f-40d2-4e48-ac86-b66633070603
params:
  customerName: "{{{{customer_name}}}}"
  accountBalance: "{{{{balance}}}}"
  dueDate: "{{{{due_date}}}}"
  companyNameAr: سدرة للاتصالات
  companyNameEn: Sidra Telecom
pace: {{calls_per_minute: {calls_per_minute}, live: {live}}}
hours: {hours}
retry: {retry}
guard: {{breaker: {{failures: {breaker}, of_last: 20}}}}
poll: {poll}
report: {{dir: reports, formats: [{formats}], every: 1h}}
"""


class Done:
    """A program that has ended, or was killed: what it took."""

    def __init__(self, took_s, peak, processor_s=0.0):
        self.seconds, self.peak, self.processor = took_s, peak, processor_s


def timed(bench, argv, env, log, codes=(0,)):
    figures = log + ".took"
    with open(log, "wb") as out:
        subprocess.run([bench.program("measure"), figures, *argv], env=env, check=True,
                       stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    with open(figures, encoding="ascii") as f:
        took, peak, processor, code = f.read().split()
    if int(code) not in codes:
        with open(log, encoding="utf-8", errors="replace") as f:
            raise SystemExit(f"bench: {' '.join(argv)} ended with {code}:\n{f.read()[-2000:]}")
    return Done(float(took), int(peak) * 1024, float(processor))


def peak_of(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmHWM")) * 1024


def write_list(path, rows):
    """Account numbers and mobiles in no order, as real lists are; nobody stands twice."""
    with open(path, "w", encoding="utf-8") as f:
        f.write(COLUMNS)
        for i in range(rows):
            # Odd multipliers without a factor in common with the ranges: every number once.
            account = 10_000_000 + i * 48_271 % 8_999_993
            mobile = 90_000_000 + i * 7_368_787 % 9_999_991
            f.write(f"{account},{NAMES[i % 6]},+968{mobile},{'ar' if i % 2 == 0 else 'en'},"
                    f"{(i * 37) % 90000 + 500}.{i % 1000:03d},2026-12-{i % 28 + 1:02d},"
                    f"{CITIES[i % 6]}\n")


class Site:
    """One campaign in a folder of its own."""

    def __init__(self, bench, folder, name, rows, **settings):
        self.bench, self.folder, self.rows = bench, folder, rows
        self.list = os.path.join(folder, "list.csv")
        self.campaign = os.path.join(folder, "campaign.yaml")
        self.ledger = os.path.join(folder, "nida.db")
        self.log = os.path.join(folder, "log")
        self.settings = {"name": name, "root": ROOT, "calls_per_minute": 600, "live": 100,
                         "hours": "{timezone: Asia/Muscat}", "poll": "5s", "breaker": "50%",
                         "retry": "{attempts: 1}", "formats": "csv", **settings}
        self.write_campaign()

    def write_campaign(self):
        with open(self.campaign, "w", encoding="utf-8") as f:
            f.write(CAMPAIGN.format(**self.settings))

    def nida(self, *args, codes=(0,), **env):
        return timed(self.bench, [self.bench.nida, *args], {**self.bench.env, **env}, self.log,
                     codes)

    def forget_ledger(self):
        for end in ("", "-wal", "-shm"):
            if os.path.exists(self.ledger + end):
                os.unlink(self.ledger + end)

    def freeze(self):
        """The list into a fresh ledger: until nida says that it is there. Nobody is called, for
        nobody listens at that port; then the process is killed."""
        self.forget_ledger()
        argv = [self.bench.nida, "run", self.campaign, "--yes", "--ledger", self.ledger]
        env = {**self.bench.env, "HAMSA_BASE_URL": "http://127.0.0.1:1/v1"}
        began = time.monotonic()
        child = subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said = ""
        for line in child.stderr:
            said = line.decode()
            if "are in the ledger" in said:
                break
        took = time.monotonic() - began
        peak = peak_of(child.pid)
        child.kill()
        child.wait()
        child.stderr.close()
        if "are in the ledger" not in said:
            raise SystemExit(f"bench: the list was not frozen: {said}")
        return Done(took, peak)

    def check(self):
        return self.nida("check", self.campaign, "--json")

    def run(self, speed):
        """The whole list, in a fresh ledger."""
        self.forget_ledger()
        return self.call(speed, codes=(0,))

    def call(self, speed, *options, codes):
        clock = {} if speed == 1 else {
            "NIDA_CLOCK": f"2026-11-22T10:00:00+04:00x{speed}@{time.time()}"}
        return self.nida("run", self.campaign, "--yes", "--ledger", self.ledger, *options,
                         codes=codes, HAMSA_BASE_URL=self.bench.present.origin + "/v1", **clock)

    def first_post(self, server):
        """Seconds from the start of `nida run --limit 1` to its POST; nobody waits for the call."""
        server.forget(1)
        began_us = server.counts()["now_us"]
        self.nida("run", self.campaign, "--yes", "--limit", "1", "--ledger", self.ledger, codes=(3,),
                  HAMSA_BASE_URL=server.origin + "/v1")
        return (server.counts()["first_post_us"] - began_us) / 1e6

    def report(self, formats):
        self.settings["formats"] = formats
        self.write_campaign()
        return self.nida("report", self.campaign, "--ledger", self.ledger)


class Server:
    def __init__(self, origin):
        self.origin = origin

    def _ask(self, path, body=None):
        with urllib.request.urlopen(self.origin + path, data=body, timeout=30) as answer:
            return json.load(answer)

    def forget(self, call_ms):
        self._ask("/bench", str(call_ms).encode())

    def counts(self):
        return self._ask("/bench")

    def starts(self):
        starts, page = [], True
        while page:
            page = self._ask(f"/bench/starts/{len(starts)}")
            starts += page
        return starts


class Bench:
    def __init__(self, build):
        self.build = os.path.abspath(build)
        self.nida = os.path.join(self.build, "nida")
        self.work = os.path.join(self.build, "bench", "work")
        self.most = int(os.environ.get("BENCH_ROWS", "1000000"))
        self.env = {"PATH": os.environ["PATH"], "HAMSA_API_KEY": "bench", "LC_ALL": "C.UTF-8",
                    "HOME": self.work}
        self.growth = []
        self.present = None
        self.halves = {}

    def __enter__(self):
        shutil.rmtree(self.work, ignore_errors=True)
        os.makedirs(self.work)
        return self

    def __exit__(self, *error):
        shutil.rmtree(self.work, ignore_errors=True)

    def program(self, name):
        return os.path.join(self.build, "bench", name)

    def rows(self, wanted):
        """BENCH_ROWS makes everything smaller, to try the benchmark itself out."""
        return min(wanted, self.most)

    def span(self, wanted_s):
        return wanted_s if self.most >= 1_000_000 else min(wanted_s, 5)

    @contextmanager
    def server(self, call_ms):
        port_file = os.path.join(self.work, f"port-{call_ms}-{time.monotonic_ns()}")
        child = subprocess.Popen([self.program("server"), port_file, str(call_ms)])
        try:
            end = time.monotonic() + 10
            while not (os.path.exists(port_file) and os.path.getsize(port_file)):
                if time.monotonic() > end or child.poll() is not None:
                    raise SystemExit("bench: the server does not start")
                time.sleep(0.005)
            with open(port_file, encoding="ascii") as f:
                server = Server(f"http://127.0.0.1:{f.read().strip()}")
            self.present = server
            yield server
        finally:
            child.kill()
            child.wait()

    def site(self, name, rows, **settings):
        folder = os.path.join(self.work, name)
        fresh = not os.path.exists(folder)
        os.makedirs(folder, exist_ok=True)
        site = Site(self, folder, name, rows, **settings)
        if fresh:
            write_list(site.list, rows)
        return site

    def drop(self, site):
        shutil.rmtree(site.folder)

    def half_done(self, rows):
        if rows not in self.halves:
            site = self.site(f"half-{rows}", rows, calls_per_minute=100_000, live=4000)
            site.freeze()
            finish_rows(site.ledger, rows // 2)
            self.halves[rows] = site
        return self.halves[rows]

    def finished(self, rows):
        """A run of so many whole calls, each with its conversation."""
        site = self.site("finished", rows, calls_per_minute=100_000, live=4000)
        with self.server(call_ms=700):
            site.run(speed=20)
        return site


def finish_rows(ledger, rows):
    """What the first rows would look like had they been called: written with SQL, because calling
    half a million takes longer than the whole benchmark may."""
    db = sqlite3.connect(ledger, isolation_level=None)
    run, = db.execute("SELECT max(id) FROM run").fetchone()
    last = (run << 32) + rows
    db.execute("BEGIN")
    db.execute("UPDATE contact SET state = 'done', why = 'completed', attempts = 1 WHERE id <= ?",
               (last,))
    db.execute(
        "INSERT INTO attempt (contact_id, run_id, number, ref, state, phone, agent, request,"
        " intent_ms, placed_ms, job_id, reply, status, outcome, created_ms, started_ms, ended_ms,"
        " closed_ms, talk_ms, cost_micro) SELECT id, run_id, 1, printf('%032x', id), 'closed', phone,"
        " 'd949f13f-40d2-4e48-ac86-b66633070603', printf('%500s', '{}'), ?1 + id % 10000000, ?1,"
        " printf('job-%d', id), '{}', 'COMPLETED', 'completed', ?1, ?1, ?1, ?1 + id % 10000000,"
        " 56000, 50000 FROM contact WHERE id <= ?2", (NIGHT_MS - 30_000_000_000, last))
    db.execute(
        "INSERT INTO event (id, run_id, contact_id, attempt_id, at_ms, kind, text)"
        " SELECT (run_id << 32) + 1000 + id, run_id, contact_id, id, closed_ms, 'call.ended',"
        " 'completed' FROM attempt")
    db.execute("DELETE FROM tally WHERE run_id = ?", (run,))
    db.execute("INSERT INTO tally SELECT run_id, state, why, count(*) FROM contact GROUP BY 1, 2, 3")
    db.execute("UPDATE run SET calls = ?1, answered = ?1, fresh_after = ?2", (rows, last))
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def sqlite_import(bench, site):
    """The reference for lists: sqlite3's own .import of the same file."""
    db = os.path.join(site.folder, "import.db")
    if os.path.exists(db):
        os.unlink(db)
    sqlite = shutil.which("sqlite3")
    return timed(bench, [sqlite, db, ".mode csv", f".import {site.list} list"], bench.env,
                 site.log).seconds


def python_csv(bench, site):
    """The reference for reports: Python's csv module writing the same CSV from the same ledger."""
    out = os.path.join(site.folder, "python.csv")
    return timed(bench, ["/usr/bin/python3", "-IS", os.path.join(HERE, "python_csv.py"), site.ledger,
                         out], bench.env, site.log).seconds
