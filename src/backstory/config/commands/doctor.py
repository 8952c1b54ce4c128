"""What is wrong, in words, and what would mend it."""

import typer
from rich.console import Console

from backstory.config import boot

MARKS = {"well": "[green]✓[/]", "warning": "[yellow]![/]", "fault": "[red]✗[/]"}


def doctor() -> None:
    """Check settings, database, queue, mail in and out, clock, disk and models; say what to mend."""
    console = Console()
    try:
        boot.setup(json_lines=False)
    except Exception as error:
        console.print(f"{MARKS['fault']} Settings: {error}", highlight=False)
        raise typer.Exit(1) from None
    from backstory.config.health import examine

    worst = "well"
    for finding in examine():
        console.print(f"{MARKS[finding.level]} {finding.what}: {finding.words}", highlight=False)
        if finding.mend:
            console.print(f"    [dim]→ {finding.mend}[/]", highlight=False)
        worst = "fault" if finding.level == "fault" else worst
    raise typer.Exit(1 if worst == "fault" else 0)
