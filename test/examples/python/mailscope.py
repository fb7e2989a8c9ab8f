"""A Mailscope for tests, over its HTTP API. Only the standard library."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ.get("MAILSCOPE_URL", "http://127.0.0.1:8025")


class NotReceived(AssertionError):
    """No such mail came; the text says what came instead."""


def _ask(path, **query):
    url = f"{URL}{path}?{urllib.parse.urlencode(query)}" if query else URL + path
    try:
        with urllib.request.urlopen(url) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        body = json.load(error)["error"]
        if body["code"] == "wait_timed_out":
            raise NotReceived(f"{body['message']} {body['hint']}") from None
        raise


def cursor():
    """The place from which wait_for_message goes on. Take it before the application sends."""
    return _ask("/api/status")["cursor"]


def wait_for_message(query, after, timeout="8s"):
    """The newest message that matches, whole, as soon as there is one."""
    found = _ask("/api/messages/wait", query=query, after=after, timeout=timeout)["items"]
    return _ask(f"/api/messages/{found[0]['id']}")
