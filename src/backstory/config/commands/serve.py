"""Running the desk: all of it by one command, or its parts one by one."""

import os
import signal
import threading

import typer

from backstory.config import boot


def serve() -> None:
    """Migrate, then run the web server, the background worker and the mail listener until stopped."""
    from backstory.config.env import env
    from backstory.config.supervisor import Supervisor

    boot.setup()
    boot.prepare()
    typer.echo(f"Backstory answers at {env.base_url}; mail is taken on port {env.smtp_port}. Ctrl-C ends it.")
    raise typer.Exit(Supervisor(("web", "worker", "mail")).run())


def web() -> None:
    """Serve the pages, the API and the live stream."""
    import uvicorn

    from backstory.config.env import env

    boot.setup()
    uvicorn.run(
        "backstory.config.asgi:application",
        host=env.host,
        port=env.port,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        # An open event stream would hold the old process up to its whole lifetime.
        timeout_graceful_shutdown=3,
    )


def worker() -> None:
    """Do the background work: reading, sending, reminders, sweeps; and keep the reports' figures up to date."""
    boot.setup()
    from django.conf import settings
    from huey.contrib.djhuey import HUEY

    from backstory.insight.warehouse import follow

    follow.start()
    consumer = HUEY.create_consumer(**settings.HUEY["consumer"], initial_delay=0.05, max_delay=0.5)
    consumer.run()


def mail() -> None:
    """Take mail in: the SMTP and LMTP listeners and the IMAP mailboxes."""
    boot.setup()
    from backstory.channels.email import serve as email
    from backstory.config.env import env

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    email.run(env.mail_host, env.smtp_port, env.lmtp_port, stop)


def demo(
    fresh: bool = typer.Option(False, help="Throw the demo's data away and build it anew."),
) -> None:
    """Set up a living demo company in a folder of its own and serve it, printing the log-ins."""
    import shutil
    from pathlib import Path

    folder = Path(os.environ.setdefault("BACKSTORY_DATA_DIR", "var/demo"))
    os.environ.setdefault("BACKSTORY_DEMO", "true")
    os.environ.setdefault("BACKSTORY_MAIL_MODE", "outbox")
    os.environ.setdefault("BACKSTORY_LOG_JSON", "false")
    if fresh and folder.exists():
        shutil.rmtree(folder)
    from backstory.config.supervisor import Supervisor

    boot.setup()
    boot.prepare()
    from backstory.demo import show

    show.build_with_progress()
    show.print_welcome()
    raise typer.Exit(Supervisor(("web", "worker", "mail")).run())
