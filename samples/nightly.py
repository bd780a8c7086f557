"""Sends a school's records to School Gateway, as its software does every night. Only the standard library; Python 3.8.

    GATEWAY=http://127.0.0.1:8080 CLIENT_ID=… CLIENT_SECRET=… SCHOOL=31000501 python3 nightly.py
"""

import datetime
import gzip
import hashlib
import http.client
import json
import os
import random
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

ATTEMPTS = 8


class Refused(Exception):
    """The gateway does not take the request; sending the same again would not help."""


class Gateway:
    def __init__(self, url, client_id, client_secret):
        self.url, self.credentials = url.rstrip("/"), (client_id, client_secret)
        self.token, self.token_until = None, 0.0

    def once(self, method, path, body=None, headers=None):
        """One request: status, headers and text; status 0 when no answer came."""
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, {}, "no answer"

    def bearer(self):
        """The token at hand, or another one a minute before its end."""
        if self.token is None or time.monotonic() > self.token_until:
            client_id, client_secret = self.credentials
            form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
            status, _, text = self.patiently(
                lambda: self.once("POST", "/oauth/token", urllib.parse.urlencode(form).encode()))
            if status != 200:
                raise Refused(f"no token: {status} {text}")
            answer = json.loads(text)
            self.token, self.token_until = answer["access_token"], time.monotonic() + answer["expires_in"] - 60
        return self.token

    def patiently(self, request, again=(0, 429)):
        """Asks until there is an answer that stands: waits as long as the gateway says, else longer each time."""
        for attempt in range(ATTEMPTS):
            status, headers, text = request()
            if status not in again and status < 500:
                break
            time.sleep(float(headers.get("Retry-After") or min(60, 2**attempt) * (0.5 + random.random())))
        return status, headers, text

    def call(self, method, path, body=None, headers=None, again=(0, 429)):
        """A request with a token. Reads, writes of one record and submissions with a key may all be repeated."""
        def request():
            return self.once(method, path, body, {"Accept-Language": "vi", **(headers or {}),
                                                  "Authorization": "Bearer " + self.bearer()})
        status, answered, text = self.patiently(request, again)
        if status == 401:  # It ran out or was revoked: another one, once.
            self.token = None
            status, answered, text = self.patiently(request, again)
        return status, answered, text

    def read(self, path):
        status, _, text = self.call("GET", path)
        if status != 200:
            raise Refused(f"{path}: {status} {text}")
        return text

    def items(self, path):
        """The items of a list, page by page."""
        cursor = ""
        while cursor is not None:
            sep = "&" if "?" in path else "?"
            page = json.loads(self.read(path + (f"{sep}cursor={urllib.parse.quote(cursor)}" if cursor else "")))
            yield from page["items"]
            cursor = page["nextCursor"]

    def submit(self, school, records):
        """Sends records in the background, waits for the report and gives it back."""
        lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
        # The same records on the same day are the same submission, also after a crash of this program.
        key = f"{school}-{datetime.date.today()}-{hashlib.sha256(lines).hexdigest()[:16]}"
        headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip", "Prefer": "respond-async",
                   "Idempotency-Key": key}
        # 409: the first one with this key is still being received.
        status, answered, text = self.call("POST", "/v1/submissions", gzip.compress(lines, mtime=0), headers, (0, 409, 429))
        if status not in (200, 202, 422) or '"counts"' not in text:
            raise Refused(f"{status}: {text}")
        report, pause = json.loads(text), 0.2
        while report["status"] in ("queued", "processing"):
            time.sleep(pause)
            pause = min(10, pause * 2)
            report = json.loads(self.read(report["links"]["self"]))
        return report


def records_of(school, year):
    """What your program reads from its own database."""
    def student(code, name, birth_date, sex):
        return {"resource": "students", "data": {"studentCode": code, "schoolCode": school, "fullName": name,
                                                 "birthDate": birth_date, "sex": sex, "ethnicity": "01"}}

    def enrollment(code):
        return {"resource": "enrollments", "data": {"schoolCode": school, "schoolYear": year, "studentCode": code,
                                                    "classCode": "6A2", "entryDate": "2025-09-05", "entryType": "new"}}
    provisional = f"TAM-{school}-01"  # The sector has not given this student ten digits yet.
    return [
        {"resource": "schools", "data": {"schoolCode": school, "name": "Trường THCS Hoa Phượng", "level": "2",
                                         "schoolType": "07", "ownership": "1", "provinceCode": school[:2],
                                         "communeCode": "10507", "status": "open"}},
        {"resource": "classes", "data": {"schoolCode": school, "schoolYear": year, "classCode": "6A2", "name": "6A2",
                                         "grade": "06"}},
        student("31" + school[2:] + "01", "Lê Thu Trang", "2014-07-01", "female"), enrollment("31" + school[2:] + "01"),
        student("31" + school[2:] + "02", "Vũ Hải Nam", "9/3/2014", "male"), enrollment("31" + school[2:] + "02"),
        student(provisional, "Đỗ Bảo Ngọc", "2014-11-03", "female"), enrollment(provisional),
    ]


def mend(record, issue):
    """Mends what a program can; the rest is for people."""
    member = issue["pointer"].lstrip("/")
    day = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", str(record["data"].get(member)))
    if issue["code"] == "DT-001" and day:  # Day, month and year as people write them.
        record["data"][member] = "{2}-{1:0>2}-{0:0>2}".format(*day.groups())
        return True
    print("  to be mended by hand:", issue["key"], issue["message"], issue["hint"])
    return False


def main():
    gateway = Gateway(os.environ["GATEWAY"], os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
    school, year = os.environ.get("SCHOOL", "31000501"), "2025-2026"
    records = records_of(school, year)
    report = gateway.submit(school, records)
    print("sent:", report["result"], report["counts"])

    mended = {issue["index"] for issue in gateway.items(report["links"]["issues"])
              if issue["severity"] == "error" and mend(records[issue["index"]], issue)}
    if mended:
        report = gateway.submit(school, [records[index] for index in sorted(mended)])
        print("mended:", report["result"], report["counts"])

    # The sector has given the student a code: say it once; both codes lead to the same record from then on.
    official = "31" + school[2:] + "03"
    status, _, text = gateway.call("POST", f"/v1/students/TAM-{school}-01/identify",
                                   json.dumps({"studentCode": official}).encode(), {"Content-Type": "application/json"})
    print("official code:", json.loads(text).get("studentCode") if status == 200 else f"{status} {text}")

    for student in gateway.items(f"/v1/students?schoolCode={school}&sort=studentCode&limit=2"):
        print("stored:", student["studentCode"], student["fullName"], student["birthDate"])


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(str(refused))
