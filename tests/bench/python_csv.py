"""The reference for reports: results.csv of the latest run of a ledger, the way one would write it in
Python, with the csv module and the same cells in the same order.

usage: python_csv.py LEDGER OUT
"""
import csv
import json
import sqlite3
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

OWN = ["state", "reason", "outcome", "attempts", "first_call", "last_call", "talk_seconds", "cost",
       "job_id", "recording"]
QUERY = """
SELECT c.cells, c.state, c.detail, c.why, c.attempts, min(a.intent_ms), max(a.intent_ms),
       sum(max(a.talk_ms, 0)), sum(a.cost_micro), a.job_id, a.recording, v.outcome_values,
       v.transcript, c.phone, c.language, max(a.id)
FROM contact c LEFT JOIN attempt a ON a.contact_id = c.id
     LEFT JOIN conversation v ON v.attempt_id = a.id
WHERE c.id > ?1 << 32 AND c.id < (?1 + 1) << 32 GROUP BY c.id ORDER BY c.id"""


def safe(text):
    """What a spreadsheet would run gets an apostrophe."""
    return "'" + text if text[:1] in "=+-@\t\r" else text


def when(ms, zone):
    return datetime.fromtimestamp(ms / 1000, zone).strftime("%Y-%m-%d %H:%M:%S") if ms else ""


def main():
    db = sqlite3.connect(sys.argv[1])
    run, columns, fields, zone = db.execute(
        "SELECT id, columns, fields, zone FROM run ORDER BY id DESC LIMIT 1").fetchone()
    zone, fields = ZoneInfo(zone), json.loads(fields)[::3]
    with open(sys.argv[2], "w", encoding="utf-8-sig", newline="") as f:
        out = csv.writer(f, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        out.writerow(json.loads(columns) + OWN + fields + ["transcript", "phone_e164", "language"])
        for row in db.execute(QUERY, (run,)):
            pairs = json.loads(row[11] or "[]")
            values = dict(zip(pairs[::2], pairs[1::2]))
            said = json.loads(row[12] or "[]")
            talk = "\n".join(f"{who}: {what}" for who, what in zip(said[::2], said[1::2]))
            cells = json.loads(row[0]) + [
                row[1], row[2], row[3], str(row[4]), when(row[5], zone), when(row[6], zone),
                str((row[7] or 0) / 1000), f"{(row[8] or 0) / 1e6:.3f}", row[9] or "", row[10] or ""]
            cells += [values.get(name, "") for name in fields] + [talk, row[13], row[14]]
            out.writerow([safe(cell) for cell in cells])


main()
