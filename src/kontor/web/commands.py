"""`kontor migrate`, `kontor serve` and `kontor demo`."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from typing import Annotated

import typer

from kontor.base.command import site

Port = Annotated[int, typer.Option(min=1, max=65_535, help="Port to listen on.")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="Processes that answer requests.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]

#: Connections a process keeps open. Granian's "backpressure" counts connections, not requests: browsers keep
#: theirs open between two saves, and with 64 the 129th person of a deadline waited until somebody left.
CONNECTIONS = 2_000
#: Requests a process works on at a time, each with a database connection of its own; the others queue.
THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)


def migrate() -> None:
    """Bring the database to this version's form; the first time, create it."""
    site()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    typer.echo("The database is up to date.", err=True)


def serve(port: Port = 8000, workers: Workers = 2, host: Host = "127.0.0.1") -> None:
    """Serve the site, with a worker for jobs beside it, until stopped with Ctrl+C."""
    site()
    from django.conf import settings
    from django.core.management import call_command

    call_command("check", deploy=False, fail_level="ERROR")
    if not settings.DEVELOPMENT:
        call_command("collectstatic", interactive=False, verbosity=0)
    _refuse_taken(host, port)
    _allow_files(2 * CONNECTIONS)
    typer.echo(f"Kontor is at http://{host}:{port}/ (stop with Ctrl+C)", err=True)
    # a service manager stops with SIGTERM, a person with SIGINT; both end the same way
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ended = _run_beside(_server(host, port, workers), _jobs() if settings.JOBS == "worker" else None)
    typer.echo("Stopped.", err=True)
    raise typer.Exit(ended)


def _allow_files(wanted: int) -> None:
    """Every connection is an open file, and many systems allow a process 1,024 unless it asks for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as problem:
            typer.echo(
                f"Cannot listen on {host}:{port} ({problem.strerror}). Choose another --port.", err=True
            )
            raise typer.Exit(2) from problem


def _run_beside(server: list[str], jobs: list[str] | None) -> int:
    """Run the server, and the jobs' worker beside it, until interrupted (0) or the server ends (its code).

    A worker that ends by itself is started again.
    """
    running = {"server": _start(server)}
    try:
        while (code := running["server"].poll()) is None:
            if jobs and ("jobs" not in running or running["jobs"].poll() is not None):
                running["jobs"] = _start(jobs)
            time.sleep(1)
    except KeyboardInterrupt:
        code = 0
    finally:
        for process in running.values():
            _stop(process)
    return code


def _server(host: str, port: int, workers: int) -> list[str]:
    """Granian in a process of its own: it forks its workers from a process that has not touched the
    database.
    """
    return [
        sys.executable, "-m", "granian", "kontor.web.wsgi:application", "--interface", "wsgi",
        "--host", host, "--port", str(port), "--workers", str(workers), "--log-level", "warning",
        "--backlog", str(CONNECTIONS), "--backpressure", str(CONNECTIONS),
        "--blocking-threads", str(THREADS),
    ]  # fmt: skip


def _jobs() -> list[str]:
    code = "from kontor.base.command import site; site(); from kontor.base.jobs.worker import work; work()"
    return [sys.executable, "-c", code]


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    # a session of its own: Ctrl+C reaches it through us, and what it started itself ends with it
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603  # our own programs


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Let requests and the current job finish; a job that takes longer is taken over by the next worker."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def demo(
    port: Port = 8000,
    workers: Workers = 2,
    host: Host = "127.0.0.1",
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Prepare everything and stop.")] = False,
) -> None:
    """Create the database, load the sample directory, compute its index, print the log-ins, serve."""
    os.environ.setdefault("KONTOR_SAMPLE", "yes")
    migrate()
    from kontor.base.actor import Actor
    from kontor.base.jobs import run_due_jobs
    from kontor.features.organisations.sample.load import load_sample

    typer.echo("Loading the sample directory …", err=True)
    load_sample(actor=Actor.system("demo"))
    typer.echo("Computing the index for matches …", err=True)
    run_due_jobs()
    typer.echo(_log_ins(f"http://{host}:{port}"))
    if not no_serve:
        serve(port=port, workers=workers, host=host)


def _log_ins(address: str) -> str:
    """Give every sample person one new password, and say who they are; a fixed one would be known to
    the world.
    """
    from kontor.base.actor import Actor
    from kontor.base.keys import new_key
    from kontor.features.accounts.actions import give_password
    from kontor.features.accounts.models import User

    password = os.environ.get("KONTOR_DEMO_PASSWORD") or new_key(12)
    lines = [f"\nKontor: {address}/", f"Sign in at {address}/sign-in/ with the password {password} as one of"]
    owners = []
    people = User.objects.filter(is_sample=True).prefetch_related("assignments").order_by("email")
    give_password(users=people, password=password, actor=Actor.system("demo"))
    for person in people:
        if not person.email.endswith("@sample.kontor.example"):
            owners.append(person.email)
            continue
        roles = ", ".join(str(held.get_role_display()) for held in person.assignments.all())
        lines.append(f"  {person.email:45} {roles}")
    if owners:
        lines.append(f"or as one of {len(owners)} owners of organisations that apply, such as")
        lines += [f"  {mail}" for mail in owners[:: max(1, len(owners) // 3)][:3]]
    return "\n".join(lines)
