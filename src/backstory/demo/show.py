"""What `backstory demo` shows in the terminal: the build's progress, then the log-ins."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from backstory.demo.build import PASSWORD, Login, Summary, build, logins


def build_with_progress(console: Console | None = None) -> Summary:
    """Build the demo company, unless it is there, and show how far it has got."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console or Console(), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done)

        return build(progress)


def print_welcome(console: Console | None = None, address: str = "") -> None:
    """Where the demo is, and as whom to log in."""
    from django.conf import settings

    out = console or Console()
    out.print(f"\n[bold]Kestrel Heating[/bold] is open at [link]{address or settings.BASE_URL}[/link]")
    out.print("Start as Alice: Tom has just written, and nobody has answered him yet.\n")
    out.print(_table(logins()))
    port, addresses = settings.MAIL_SMTP_PORT, _addresses()
    out.print(f"Write to [bold]{' or '.join(addresses)}[/bold] through the SMTP server localhost:{port}, as in:")
    out.print(_EXAMPLE.format(port=port, address=addresses[0]), highlight=False, soft_wrap=True)
    out.print(f"The password of every log-in is: [bold]{PASSWORD}[/bold]   (Ctrl-C ends the demo)\n")


_EXAMPLE = """\
  printf 'From: you@example.com\\nSubject: No hot water\\n\\nThe boiler is dead again. When will you come?' | \\
  curl smtp://localhost:{port} --mail-from you@example.com --mail-rcpt {address} -T -
"""


def _addresses() -> list[str]:
    from backstory.conversations.models import Mailbox

    return list(Mailbox.objects.filter(is_active=True).order_by("pk").values_list("address", flat=True))


def _table(rows: tuple[Login, ...]) -> Table:
    table = Table("Name", "E-mail", "Role", "Team", box=None, header_style="dim")
    for row in rows:
        table.add_row(row.name, row.email, row.role, row.teams)
    return table
