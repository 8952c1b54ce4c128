"""The reports' read model from the command line: how it is doing, and building it anew."""

import time

import typer
from rich.console import Console
from rich.progress import Progress

from backstory.config import boot


def reports(
    rebuild: bool = typer.Option(False, "--rebuild", help="Build the read model anew from the database."),
) -> None:
    """Say how the reports' read model is doing, or build it anew with a progress bar."""
    boot.setup(json_lines=False)
    raise typer.Exit(_rebuild() if rebuild else _tell())


def _tell() -> int:
    from backstory.insight import warehouse

    found = warehouse.status()
    console = Console()
    if not found.ready:
        console.print("There is none that this version understands. A worker builds it, or --rebuild does.")
        return 1
    console.print(
        f"Built {found.built_at:%Y-%m-%d %H:%M} UTC, knows the desk up to {found.updated_at:%Y-%m-%d %H:%M:%S}."
    )
    console.print("A worker keeps it up to date." if found.followed else "No worker keeps it up to date now.")
    return 0


def _rebuild() -> int:
    from backstory.insight.warehouse import rebuild, store

    console, started = Console(), time.monotonic()
    with Progress(console=console) as shown:
        task = shown.add_task("Reading", total=None)

        def tell(stage: str, done: int, total: int) -> None:
            shown.update(task, description=f"Reading {stage}", completed=done, total=total)
            store.say_progress(stage, done, total)

        try:
            manifest = rebuild(tell)
        except store.InUse:
            console.print("A worker is writing it at this moment. Try again, or ask for it on the reports' page.")
            return 1
        shown.update(task, description="Done", completed=1, total=1)
    console.print(f"Built in {time.monotonic() - started:.1f} s, up to event {manifest.position}.")
    return 0
