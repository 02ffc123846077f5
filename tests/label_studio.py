"""A real Label Studio, once: project, import, correction and export over its API, and what panjue reads of it.

PYTHONPATH=tests/helpers python tests/label_studio.py [ENVIRONMENT]

Label Studio is installed into a virtual environment of its own (ENVIRONMENT, else a temporary one) and run with SQLite
on a free port of this machine. What it exports is saved as the fixture of the fast tests.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path
from typing import Any

from exchanged import EXPORT, TEXT, corrected_in_label_studio, document

from panjue.annotation.exchange.command import FORMATS
from panjue.annotation.exchange.spans import Originals

STARTING = 300  # seconds; the first start creates the database


def main() -> None:
    one = document()
    files = FORMATS["label-studio"].write([one])
    with tempfile.TemporaryDirectory() as folder:
        environment = Path(sys.argv[1] if len(sys.argv) > 1 else f"{folder}/environment").resolve()
        program = installed(environment)
        port, token = free_port(), secrets.token_hex(20)
        with Path(folder, "log").open("wb") as log:
            server = subprocess.Popen(command(program, port, token), env=settings(folder), stdout=log, stderr=log)
        try:
            api = Api(port, token)
            wait(api, server, Path(folder, "log"))
            version = api.get("/api/version")["release"]
            exported = worked_on(api, files)
        finally:
            server.terminate()
            server.wait()
    EXPORT.parent.mkdir(parents=True, exist_ok=True)
    EXPORT.write_text(json.dumps(exported, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    originals = Originals({one.doc_id: one.text}, {})
    (back,) = FORMATS["label-studio"].read({EXPORT.name: EXPORT.read_bytes()}, originals)
    assert back.record == corrected_in_label_studio(one.record), "the correction was not read back"
    print(f"Label Studio {version}: corrections read back; {EXPORT} written")  # noqa: T201


def worked_on(api: Api, files: dict[str, bytes]) -> Any:
    """Project and import; the predictions corrected and submitted as an annotation; the export."""
    config = files["config.xml"].decode()
    project = api.post("/api/projects", {"title": "panjue", "label_config": config})["id"]
    counts = api.post(f"/api/projects/{project}/import", json.loads(files["tasks.json"]))
    assert (counts["task_count"], counts["prediction_count"]) == (1, 1), counts
    (task,) = api.get(f"/api/tasks?project={project}&fields=all")["tasks"]
    (prediction,) = api.get(f"/api/predictions?task={task['id']}")
    api.post(f"/api/tasks/{task['id']}/annotations/", {"result": corrected(prediction["result"]), "lead_time": 1})
    return api.get(f"/api/projects/{project}/export?exportType=JSON")


def corrected(result: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A value, a passage moved, one deleted, one added: ``corrected_in_label_studio`` in Label Studio's own terms."""
    regions: dict[str, list[dict[str, Any]]] = {}
    for part in result:
        regions.setdefault(part["id"], []).append(part)
    for name, (label, *parts) in list(regions.items()):
        if label["value"]["labels"] == ["case.court"]:
            del regions[name]
        if label["value"]["labels"] == ["sentence.months"]:
            parts[-1]["value"]["text"] = ["8"]
        if label["value"]["labels"] == ["name"] and label["value"]["text"] == "𠮷某甲":
            label["value"]["text"] = "𠮷某"
            for part in (label, *parts):
                part["value"]["end"] -= 1
    start = TEXT.index("李某乙免予")
    where = {"start": start, "end": start + 3, "text": "李某乙"}
    common = {"id": "added", "to_name": "text", "origin": "manual"}
    added = [
        {**common, "from_name": "label", "type": "labels", "value": {**where, "labels": ["plea.status"]}},
        {**common, "from_name": "defendant", "type": "number", "value": {**where, "number": 2}},
    ]
    return [part for parts in regions.values() for part in parts] + added


class Api:
    """Requests of JSON with a token."""

    def __init__(self, port: int, token: str) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}

    def get(self, path: str) -> Any:
        return self._answer(urllib.request.Request(self.base + path, headers=self.headers))

    def post(self, path: str, body: Any) -> Any:
        return self._answer(urllib.request.Request(self.base + path, json.dumps(body).encode(), self.headers))

    def _answer(self, request: urllib.request.Request) -> Any:
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{request.full_url}: {error.code}: {error.read().decode()[:2000]}") from error


def installed(environment: Path) -> Path:
    program = environment / "bin" / "label-studio"
    if not program.exists():
        venv.create(environment, with_pip=True)
        subprocess.run([environment / "bin" / "pip", "install", "--quiet", "label-studio"], check=True)
    return program


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def command(program: Path, port: int, token: str) -> list[str]:
    user = ["--username", "test@example.org", "--password", secrets.token_urlsafe(), "--user-token", token]
    address = ["--internal-host", "127.0.0.1", "--port", str(port)]
    return [str(program), "start", "--no-browser", "--agree-fix-sqlite", *address, *user]


def settings(folder: str) -> dict[str, str]:
    return {
        **{name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ},
        "HOME": folder,
        "LABEL_STUDIO_BASE_DATA_DIR": folder,
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LATEST_VERSION_CHECK": "false",
        "COLLECT_ANALYTICS": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
    }


def wait(api: Api, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline and server.poll() is None:
        try:
            api.get("/health")
        except OSError:
            time.sleep(1)
        else:
            return
    raise SystemExit(f"Label Studio did not start:\n{log.read_text(errors='replace')[-4000:]}")


if __name__ == "__main__":
    main()
