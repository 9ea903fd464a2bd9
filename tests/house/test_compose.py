"""docker-compose.yml and Dockerfile stay true, though no engine for them runs here.

Each service's command and environment are taken from the file and run from what the
Dockerfile copies, on local sockets, until /readyz says that beat's tick has come through.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg
import pytest
import yaml

from readiness.embedded import binaries, postgres, product
from readiness.embedded.engines import Engines
from readiness.embedded.processes import dying_with_parent

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
EXAMPLE = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.M))
pytestmark = pytest.mark.xdist_group("product")


def filled_in(text: str) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda found: EXAMPLE[found[1]], text)


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """A folder with what the Dockerfile copies, and its static files collected."""
    app = tmp_path_factory.mktemp("image") / "app"
    app.mkdir()
    for source, target in re.findall(r"^COPY (\S+) (\S+)$", DOCKERFILE, re.M):
        (app / target).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, app / target)
        else:
            shutil.copy(ROOT / source, app / target)
    collect = re.search(r"^RUN (mkdir .*collectstatic.*)$", DOCKERFILE, re.M)[1]
    subprocess.run(collect, shell=True, cwd=app, check=True, env=environment_of("web", bare=True))
    return app


@pytest.fixture(scope="module")
def engines(tmp_path_factory):
    """PostgreSQL with the roles that docker/roles.sh makes, and Valkey."""
    engines = Engines(tmp_path_factory.mktemp("engines") / "state")
    engines.start()
    host = f"host={engines.run} user=postgres dbname=postgres"
    with psycopg.connect(host, autocommit=True) as superuser:
        for line in ("DATABASE readiness", "ROLE readiness_app", "ROLE readiness_owner"):
            superuser.execute(f"DROP {line}")
    given = {
        name: filled_in(value)
        for name, value in COMPOSE["services"]["postgres"]["environment"].items()
    }
    path = f"{binaries.postgres_folder()}:{os.environ['PATH']}"
    subprocess.run(
        ["bash", ROOT / "docker" / "roles.sh"],
        env=given | {"PATH": path, "PGHOST": str(engines.run)}, check=True,
    )  # fmt: skip
    yield engines
    engines.stop()


def environment_of(service: str, *, bare: bool = False, run: Path | None = None) -> dict[str, str]:
    """A service's environment from the file, its two hosts replaced by local sockets."""
    env = {"PATH": f"{TOOLS}:{os.environ['PATH']}"}
    if bare:
        return env
    for name, value in COMPOSE["services"][service]["environment"].items():
        there = filled_in(value).replace("@postgres/", "@/")
        if there.startswith("postgresql:"):
            there += f"?host={run}"
        env[name] = there.replace("redis://valkey:6379/0", f"unix://{run}/valkey.sock?db=0")
    return env


def command_of(service: str, *, port: int, scratch: Path) -> list[str]:
    command = COMPOSE["services"][service]["command"]
    words = command.split() if isinstance(command, str) else command
    changed = {"--port=8000": f"--port={port}", "--host=0.0.0.0": "--host=127.0.0.1"}
    return [changed.get(word, word).replace("/tmp/", f"{scratch}/") for word in words]


def test_the_schema_of_compose_files_accepts_it():
    tool = [TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec"]

    done = subprocess.run([*tool, ROOT / "docker-compose.yml"], capture_output=True, check=False)

    assert done.returncode == 0, done.stdout


def test_the_images_have_the_majors_of_the_embedded_engines():
    images = {name: one.get("image") for name, one in COMPOSE["services"].items()}

    assert images["postgres"] == f"postgres:{binaries.POSTGRES_MAJOR}"
    assert images["valkey"] == f"valkey/valkey:{binaries.VALKEY_MAJOR}"


def test_only_migrations_know_the_owner():
    knows = [
        name
        for name, service in COMPOSE["services"].items()
        if "READINESS_OWNER_DATABASE_URL" in service.get("environment", {})
    ]

    assert knows == ["migrate"]


def test_the_image_installs_the_lock_by_its_hashes_and_does_not_run_as_root():
    assert re.search(r"pip install .*--require-hashes -r requirements/embedded\.txt", DOCKERFILE)
    assert re.search(r"^USER (?!root)\w+$", DOCKERFILE, re.M)
    lock = (ROOT / "requirements" / "embedded.txt").read_text()
    assert len(re.findall(r"^\S+==", lock, re.M)) <= lock.count("--hash=sha256:")


def test_threads_share_as_few_heaps_in_the_image_as_under_make_up():
    said = dict(re.findall(r"(\w+)=(\S+)", re.search(r"^ENV (.*)$", DOCKERFILE, re.M)[1]))

    assert said["MALLOC_ARENA_MAX"] == product.WEB["MALLOC_ARENA_MAX"]


def test_what_the_image_needs_is_not_ignored():
    allowed = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.M)

    assert sorted(re.findall(r"^COPY (\S+)", DOCKERFILE, re.M)) == sorted(allowed)


def test_static_files_are_collected_under_names_that_change_with_them(image):
    assert (image / "build" / "static" / "staticfiles.json").exists()


@pytest.mark.timeout(150)
def test_the_services_run_as_the_file_says_until_a_tick_of_beat_arrives(image, engines, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    migrated = subprocess.run(
        command_of("migrate", port=port, scratch=tmp_path),
        cwd=image, env=environment_of("migrate", run=engines.run), check=False,
    )  # fmt: skip
    assert migrated.returncode == 0

    with (tmp_path / "said").open("wb") as said:
        running = [
            subprocess.Popen(
                [
                    *dying_with_parent(signal.SIGTERM),
                    *command_of(service, port=port, scratch=tmp_path),
                ],
                cwd=image,
                env=environment_of(service, run=engines.run),
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            for service in ("web", "worker", "beat")
        ]
    try:
        answer = when_ready(f"http://127.0.0.1:{port}/readyz", seconds=90)
    finally:
        for process in running:
            process.terminate()
        codes = [process.wait(20) for process in running]

    assert answer == 200, (tmp_path / "said").read_text()
    assert codes == [0, 0, 0]


def when_ready(address: str, *, seconds: float) -> int:
    """Ask until the answer is 200, and return the last one (0: none came)."""
    deadline = time.monotonic() + seconds
    status = 0
    while status != 200 and time.monotonic() < deadline:
        time.sleep(0.3)
        try:
            with urllib.request.urlopen(address, timeout=3) as answer:
                status = answer.status
        except urllib.error.HTTPError as refused:
            status = refused.code
        except OSError:
            status = 0
    return status


def test_the_clusters_are_made_alike_here_and_there():
    there = COMPOSE["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]

    here = Path(postgres.__file__).read_text()

    assert re.findall(r"--[\w-]+", there) == ["--encoding", "--locale-provider", "--locale"]
    assert all(word in here for word in re.split(r"[ =]", there))
