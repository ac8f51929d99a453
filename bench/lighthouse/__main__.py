"""``make lighthouse``: what Lighthouse says of the pages, in its mobile profile.

It serves demo data, and looks five times at the login, at the first page of a customer, and at a
contract page. A score is the median. The exit status is 1 where one is below the goal.
"""

import http.client
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import playwright

from bench.demo_server import serving_demo
from portal import demo
from tests.browser import programs

_FOLDER = Path(__file__).parent
# Playwright brings a Node.js that is new enough.
_NODE = Path(playwright.__file__).parent / "driver" / "node"
_ROUNDS = 5
_GOAL = 95
_CUSTOMER = "owner@timmerwinkel.example"
_SET = "set-cookie"
_ACCOUNT = "{ viewer { accounts(first: 1) { edges { node { id } } } } }"


def main() -> None:
    """Measure each page in turn, round by round."""
    with serving_demo() as port:
        token = json.loads(_post(port, "/login", {"email": _CUSTOMER, "password": demo.PASSWORD}))
        answer = json.loads(_post(port, "/graphql", {"query": _ACCOUNT}, token["token"]))
        (edge,) = answer["data"]["viewer"]["accounts"]["edges"]
        cookie = _cookie(port)
        pages = {
            "login": ("/login", ""),
            "overview": ("/", cookie),
            "contract page": (f"/accounts/{edge['node']['id']}", cookie),
        }
        found: dict[str, list[Mapping[str, Any]]] = {name: [] for name in pages}
        for _ in range(_ROUNDS):
            for name, (path, sent) in pages.items():
                found[name].append(_audit(f"http://127.0.0.1:{port}{path}", sent))
    good = True
    for name, rounds in found.items():
        for category in rounds[0]["scores"]:
            scores = [one["scores"][category] for one in rounds]
            good = good and median(scores) >= _GOAL
            print(f"{name:<14} {category:<15} {median(scores):>4.0f}  {sorted(scores)}")  # noqa: T201
        for failed, value in rounds[-1]["failed"]:
            print(f"               lost by {failed} {value}")  # noqa: T201
    print("good" if good else f"MISSED: {_GOAL} or more everywhere")  # noqa: T201
    sys.exit(not good)


def _audit(address: str, cookie: str) -> Mapping[str, Any]:
    started = json.dumps(programs.chromium(), default=str)
    done = subprocess.run(
        [_NODE, _FOLDER / "audit.mjs", started, address, cookie],
        check=True,
        stdout=subprocess.PIPE,
    )
    found: Mapping[str, Any] = json.loads(done.stdout)
    # Whoever is not logged in is sent elsewhere.
    if found["at"] != address:
        sys.exit(f"{address} led to {found['at']}")
    return found


def _post(port: int, path: str, content: object, token: str | None = None) -> bytes:
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return _answer(port, path, json.dumps(content), headers).read()


def _cookie(port: int) -> str:
    """Log in as a browser does; give the cookie that it keeps."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://127.0.0.1:{port}",
    }
    given = urlencode({"email": _CUSTOMER, "password": demo.PASSWORD})
    answer = _answer(port, "/login", given, headers)
    cookies = (value.partition(";")[0] for name, value in answer.getheaders() if name == _SET)
    return next(one for one in cookies if one.startswith("portal="))


def _answer(
    port: int, path: str, body: str, headers: Mapping[str, str]
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", path, body, dict(headers))
    return connection.getresponse()


if __name__ == "__main__":
    main()
