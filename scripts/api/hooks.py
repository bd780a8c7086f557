"""What schemathesis cannot know of the gateway."""

import json
import os
from urllib.parse import unquote

import schemathesis
from schemathesis import GenerationMode

OURS = set(os.environ["CLIENTS"].split())


def is_valid(case):
    """Was the case made to be accepted?"""
    return case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE


@schemathesis.hook
def map_case(context, case):
    """Writes a record under its own key: no schema says that path and body must agree."""
    if is_valid(case) and case.method == "PUT" and isinstance(case.body, dict):
        key = {name: unquote(str(part)) for name, part in (case.path_parameters or {}).items()}
        case.body.update({name: part for name, part in key.items() if name in case.body})
    return case


@schemathesis.hook
def filter_case(context, case):
    """Leaves out cases that would undo the check itself, or that ask for what no client can know.

    The check's own clients are neither revoked nor changed: all further requests would be 401. A cursor is what a page
    gave; an invented one is refused, whatever its form, so it is sent only where a refusal is expected. An empty
    condition is generated as valid, though its schema asks for a character at least.
    """
    if (case.path_parameters or {}).get("id") in OURS:
        return False
    if not is_valid(case):
        return True
    conditions = [case.headers.get(name) for name in ("If-Match", "If-None-Match")] if case.headers else []
    return "cursor" not in (case.query or {}) and "" not in conditions


@schemathesis.serializer("application/x-ndjson")
def ndjson(context, value):
    """One value a line."""
    if isinstance(value, str):
        return value.encode()
    return "".join(f"{json.dumps(item)}\n" for item in (value if isinstance(value, list) else [value])).encode()
