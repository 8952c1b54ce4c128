"""The `backstory` command."""

import typer

from backstory.config.commands.check import check
from backstory.config.commands.doctor import doctor
from backstory.config.commands.init import init
from backstory.config.commands.learn import learn
from backstory.config.commands.parse_mail import parse_mail
from backstory.config.commands.playbooks import playbooks
from backstory.config.commands.practice import practice
from backstory.config.commands.promises import promises
from backstory.config.commands.read import read
from backstory.config.commands.reports import reports
from backstory.config.commands.serve import demo, mail, serve, web, worker

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Backstory: a self-hosted complaint desk.",
)
for command in (
    demo,
    serve,
    web,
    worker,
    mail,
    init,
    doctor,
    parse_mail,
    read,
    check,
    promises,
    learn,
    practice,
    reports,
):
    app.command()(command)
app.add_typer(playbooks, name="playbooks")


def main() -> None:
    app()


if __name__ == "__main__":
    main()
