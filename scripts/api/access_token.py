"""Prints an access token: token.py URL CLIENT-ID CLIENT-SECRET."""

import json
import sys
import urllib.parse
import urllib.request

url, client_id, client_secret = sys.argv[1:]
form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
with urllib.request.urlopen(f"{url}/oauth/token", urllib.parse.urlencode(form).encode()) as answer:
    print(json.load(answer)["access_token"])
