"""Sends the example record of every resource, so that examples find what they name: load_examples.py URL TOKEN DOCUMENT."""

import json
import sys
import urllib.request

url, token, document = sys.argv[1:]
with open(document, encoding="utf-8") as file:
    schemas = json.load(file)["components"]["schemas"]
resources = schemas["SubmittedRecord"]["discriminator"]["mapping"]
records = []
for resource, reference in resources.items():
    data = schemas[reference.rsplit("/", 1)[1]]["properties"]["data"]["oneOf"][0]["$ref"]
    records.append({"resource": resource, "data": schemas[data.rsplit("/", 1)[1]]["examples"][0]})
headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
with urllib.request.urlopen(urllib.request.Request(f"{url}/v1/submissions", json.dumps(records).encode(), headers)) as answer:
    report = json.load(answer)
assert report["counts"]["created"] == len(records), report
