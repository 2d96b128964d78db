"""What both servers do: by the identity that is asked for, and by the key in the metadata.

    id        what happens
    0...99    a user of that identity
    100       NOT_FOUND with a detail, a header and a trailer
    2xx       the code with the number xx
    300       nothing, until the call is cancelled or its deadline has passed
    40n       UNAVAILABLE the first n times for the key, and then a user
    500       a user whose name is the log as JSON
    600       UNAVAILABLE with a push-back of 20 ms the first time for the key, and then a user
"""

import collections
import json
import os
import sys
import threading

calls = collections.Counter()
events = []
lock = threading.Lock()


def count(key):
    """Counts a call, and says how many there were with the key, this one included."""
    with lock:
        calls[key] += 1
        return calls[key]


def note(event):
    with lock:
        events.append(event)


def log():
    with lock:
        return json.dumps({"calls": calls, "events": events})


def announce(port):
    """Says where the server listens, and ends the process when its parent closes the pipe."""
    print(f"PORT {port}", flush=True)
    threading.Thread(target=_wait_for_parent, daemon=True).start()


_cleanups = []


def at_end(cleanup):
    _cleanups.append(cleanup)


def _wait_for_parent():
    sys.stdin.buffer.read()
    for cleanup in _cleanups:
        cleanup()
    os._exit(0)
