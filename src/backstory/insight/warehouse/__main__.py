"""`python -m backstory.insight.warehouse`: build the reports' read model anew, and see how far it is."""

import sys
import time

from rich.console import Console
from rich.progress import Progress

from backstory.config import boot


def main() -> int:
    console = Console()
    boot.setup(json_lines=False)
    from backstory.insight.warehouse import rebuild, store

    started = time.monotonic()
    with Progress(console=console) as shown:
        task = shown.add_task("Reading", total=None)

        def tell(stage: str, done: int, total: int) -> None:
            shown.update(task, description=f"Reading {stage}", completed=done, total=total)
            store.say_progress(stage, done, total)

        try:
            manifest = rebuild(tell)
        except store.InUse:
            console.print(
                "Another process is at it: a worker follows the desk. Ask for a rebuild on the reports' page."
            )
            return 1
    seconds = time.monotonic() - started
    console.print(f"Built in {seconds:.1f} s, up to event {manifest.position}, in {store.home()}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
