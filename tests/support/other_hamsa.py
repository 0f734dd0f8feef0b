#!/usr/bin/env python3
"""A small Hamsa that was written from the contract alone and has habits unlike nida-sim's.

It answers 201, says success: false, gives the id of a placed call as data.id only, writes statuses in
lower case, lists the newest calls first and pays no heed to startTime, knows no callAnalysis, puts the
transcript of every call under another of the documented keys, and writes costs as text. Its lists of
agents and numbers are short-paged and once more wrapped, its limits are text, its statistics few.

usage: other_hamsa.py --port-file FILE --record FILE [--talk SECONDS] [--silent] [--lost SHARE]
                      [--slow SECONDS] [--refuse WORDS] [--hang N] [--words FILE]

--silent: params are not given back with the conversation. --lost: so many of the answers to placings
are lost. --slow: the list takes so long, in real time. --refuse: every placing is answered
with 400 and these words, where {to} is the number. --hang: after N calls nothing is answered any
more, though everything is accepted. --words: a JSON list of what is said and found out, call by
call. NIDA_CLOCK is obeyed. The record has nida-sim's form, as far as the tests read it.
"""
import argparse
import json
import os
import random
import re
import threading
import time
import uuid
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

RING_S = 3
FINAL = ("completed", "terminated")


AGENTS = [
    {"id": "d949f13f-40d2-4e48-ac86-b66633070603", "name": "تحصيل", "lang": "ar",
     "greetingMessage": "مرحبا {{ customerName }}", "preamble": "المبلغ {{accountBalance}} في {{dueDate}}",
     "params": ["customerName", "accountBalance"], "callSettings": {"maxCallDuration": "600"}},
    {"id": "a-2", "name": "Retention", "conversation": {"greetingMessage": None}, "callSettings": None},
    {"id": "a-3", "name": None, "conversation": {"params": [{"name": "offer"}], "languages": ["ar", "en"]}},
]
NUMBERS = [{"id": 1, "number": "96824000000", "type": "SIP"},
           {"id": 2, "phoneNumber": "+968 2411 1111", "type": "TWILIO", "label": "Second"}]


class Clock:
    """START[xSPEED][@ANCHOR], as nida reads it."""

    def __init__(self, text):
        found = re.fullmatch(r"([^x@]+)(?:x([\d.]+))?(?:@([\d.]+))?", text or "")
        self.anchor = time.time()
        self.start, self.speed = self.anchor, 1.0
        if found:
            self.start = datetime.fromisoformat(found[1].replace("Z", "+00:00")).timestamp()
            self.speed = float(found[2] or 1)
            self.anchor = float(found[3] or self.anchor)

    def now(self):
        return self.start + (time.time() - self.anchor) * self.speed


class Hamsa:
    """The calls, and what is known about them at any moment."""

    def __init__(self, options):
        self.clock = Clock(os.environ.get("NIDA_CLOCK"))
        self.talk_s = options.talk
        self.silent = options.silent
        self.lost = options.lost
        self.slow_s = options.slow
        self.refuse = options.refuse
        self.hang = options.hang
        self.words = json.load(open(options.words, encoding="utf-8")) if options.words else []
        self.chance = random.Random(7)
        self.lock = threading.Lock()
        self.calls = {}
        self.record = open(options.record, "w", encoding="utf-8")

    def write(self, event, call, at, **more):
        line = {"event": event, "at_ms": int(at * 1000), "id": call["id"], "faults": [], **more}
        self.record.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
        self.record.flush()

    def place(self, body, sender):
        now = self.clock.now()
        call = {"id": str(uuid.uuid4()), "to": body["toNumber"], "from": sender,
                "agent": body.get("voiceAgentId"), "params": body.get("params", {}),
                "made": now, "answered": now + RING_S, "over": now + RING_S + self.talk_s,
                "last": "completed", "number": len(self.calls), "told": False}
        self.calls[call["id"]] = call
        self.write("asked", call, now, to=call["to"], agent=call["agent"], params=call["params"],
                   **{"from": sender})
        self.write("created", call, now)
        return call

    def status(self, call):
        now = self.clock.now()
        if now < min(call["answered"], call["over"]):
            return "pending"
        if now < call["over"]:
            return "in-progress"
        if not call["told"]:
            call["told"] = True
            self.write("ended", call, call["over"], status=call["last"].upper())
        return call["last"]

    def end(self, call):
        if self.status(call) in FINAL:
            return False
        self.write("ending", call, self.clock.now())
        call["over"], call["last"] = self.clock.now(), "terminated"
        return True

    def view(self, call):
        """One call, the transcript under a key that depends on the call."""
        status = self.status(call)
        talk_s = max(0, call["over"] - call["answered"])
        view = {"id": call["id"], "status": status, "type": "VOICE_AGENTS", "channelType": "TELEPHONE",
                "createdAt": iso(call["made"]), "voiceAgentId": call["agent"], "mediaUrl": None,
                "callParams": {"userNumber": call["to"], "machineNumber": call["from"]},
                "callDuration": None, "totalCost": None}
        if not self.silent:
            view["echo"] = {"params": json.dumps(call["params"])}
        if status not in FINAL:
            return view
        name = call["params"].get("customerName", "")
        said = [{"Agent": f"Hello {name}"}, {"User": "Speaking"}]
        chat = [{"role": "agent", "content": f"Hello {name}"}, {"role": "user", "content": "Speaking"}]
        places = [
            {"jobResponse": {"transcription": said}},
            {"transcription": [{"agent": f"Hello {name}"}, {"user": "Speaking"}]},
            {"messages": chat},
            {"callData": {"transcript": f"Agent: Hello {name}\nUser: Speaking"}},
            {"logs": [{"category": "CONVERSATION", "payload": {"role": r, "message": m}}
                      for r, m in (("agent", f"Hello {name}"), ("user", "Speaking"))]},
            {"data": {"conversation": said}},
        ]
        if self.words:
            words = self.words[call["number"] % len(self.words)]
            view["jobResponse"] = {"transcription": [{"Agent": words}, {"User": words}],
                                   "outcomeResult": {"summary": words, words: "name"}}
        else:
            view.update(places[call["number"] % len(places)])
        view["callDuration"] = str(round(talk_s))
        view["totalCost"] = f"{talk_s / 60 * 0.06:.4f}"
        view["mediaUrl"] = f"https://media.example/{call['id']}.mp3"
        return view


def iso(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # an answer leaves in one piece
    hamsa = None

    def log_message(self, form, *args):
        pass

    def reply(self, status, data, message="done"):
        body = json.dumps({"message": message, "success": False, "data": data}).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def hang_if_told(self):
        if self.hamsa.hang is not None and len(self.hamsa.calls) >= self.hamsa.hang:
            threading.Event().wait()

    def is_known(self):
        if re.fullmatch(r"Token \S+", self.headers.get("Authorization", "")):
            return True
        self.reply(401, None, "who are you?")
        return False

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))))
        senders = {"/v1/voice-agents/phone-number/call": body.get("phoneNumber"),
                   "/v1/voice-agents/call": body.get("fromNumber")}
        path = urlsplit(self.path).path
        self.hang_if_told()
        if not self.is_known():
            return
        if path not in senders:
            self.reply(404, None, "no such route")
            return
        if self.hamsa.refuse:
            self.reply(400, None, self.hamsa.refuse.replace("{to}", body["toNumber"]))
            return
        with self.hamsa.lock:
            call = self.hamsa.place(body, senders[path])
            lost = self.hamsa.chance.random() < self.hamsa.lost
        if lost:
            self.close_connection = True
            return
        self.reply(201, {"id": call["id"], "type": "VOICE_AGENTS", "status": "pending"})

    def do_GET(self):
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        one = re.fullmatch(r"/v1/voice-agents/conversation/([^/]+)(/terminate)?", url.path)
        self.hang_if_told()
        agent = next((a for a in AGENTS if url.path == "/v2/voice-agents/" + a["id"]), None)
        if not self.is_known():
            return
        if url.path.endswith("/minimal-list"):
            time.sleep(self.hamsa.slow_s)
        with self.hamsa.lock:
            if url.path == "/v1/projects/by-api-key":
                self.reply(200, {"id": "p-1", "name": "Other"})
            elif url.path == "/v1/voice-agents/conversations/minimal-list":
                self.send_list(query)
            elif url.path == "/v2/voice-agents":
                self.send_page(query, "voiceAgents", AGENTS)
            elif url.path == "/v1/voice-agents/phone-number/list":
                self.send_page(query, "phoneNumbers", NUMBERS)
            elif agent:
                self.reply(200, {"data": agent})
            elif url.path == "/v1/projects/statistics/numbers":
                self.reply(200, {"credits": {"value": "3.5"}, "media": 12, "requests": None})
            elif one and one[1] in self.hamsa.calls:
                self.send_call(self.hamsa.calls[one[1]], bool(one[2]))
            else:
                self.reply(404, None, "nothing here")

    def send_page(self, query, name, items):
        # Two to a page, whatever was asked for.
        page = int(query.get("skip", ["1"])[0])
        self.reply(200, {"data": {name: items[(page - 1) * 2:page * 2]}})

    def send_list(self, query):
        per_page = min(int(query.get("perPage", ["100"])[0]), 200)
        page = int(query.get("page", ["1"])[0])
        wanted = [status.lower().replace("_", "-") for status in query.get("status", [])]
        lines = [{"id": call["id"], "createdAt": iso(call["made"]), "status": self.hamsa.status(call),
                  "voiceAgentId": call["agent"], "duration": "0",
                  "callParams": {"userNumber": call["to"], "machineNumber": call["from"]}}
                 for call in reversed(self.hamsa.calls.values())]
        if wanted:
            lines = [line for line in lines if line["status"] in wanted]
        self.reply(200, {"total": len(self.hamsa.calls), "filtered": len(lines),
                         "calls": lines[(page - 1) * per_page:page * per_page]})

    def send_call(self, call, end):
        if not end:
            self.reply(200, self.hamsa.view(call))
        elif self.hamsa.end(call):
            self.reply(200, None, "ended")
        else:
            self.reply(400, None, "the conversation is over")


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port-file", required=True)
    parser.add_argument("--record", required=True)
    parser.add_argument("--talk", type=float, default=10)
    parser.add_argument("--silent", action="store_true")
    parser.add_argument("--lost", type=float, default=0)
    parser.add_argument("--slow", type=float, default=0)
    parser.add_argument("--refuse", default="")
    parser.add_argument("--hang", type=int)
    parser.add_argument("--words")
    options = parser.parse_args()

    Handler.hamsa = Hamsa(options)
    server = Server(("127.0.0.1", 0), Handler)
    with open(options.port_file + ".new", "w", encoding="ascii") as file:
        file.write(f"{server.server_port}\n")
    os.replace(options.port_file + ".new", options.port_file)
    server.serve_forever()


if __name__ == "__main__":
    main()
