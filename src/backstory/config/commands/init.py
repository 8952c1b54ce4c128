"""The first administrator and the first mailbox."""

import typer

from backstory.config import boot


def init(
    email: str = typer.Option(..., prompt="Your e-mail address (the log-in)", help="The administrator's log-in."),
    name: str = typer.Option(..., prompt="Your name", help="The administrator's name, as customers see it."),
    password: str = typer.Option(
        ..., prompt="A password", hide_input=True, confirmation_prompt=True, envvar="BACKSTORY_INIT_PASSWORD"
    ),
    mailbox: str = typer.Option(..., prompt="The address customers write to", help="The first mailbox."),
    team: str = typer.Option("Customer care", help="The team that answers it."),
) -> None:
    """Make the first administrator and the first mailbox. Running it again adds what is missing."""
    boot.setup(json_lines=False)
    boot.prepare()
    from backstory.conversations.actions import add_mailbox
    from backstory.kernel.errors import InvalidInput
    from backstory.people.actions import add_team, add_user
    from backstory.people.models import Role

    try:
        first_team = add_team(team)
        box = add_mailbox(team, mailbox, first_team)
        user = add_user(email, name, password, Role.ADMINISTRATOR, (first_team,))
    except InvalidInput as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{user.name} logs in as {user.email}. Mail to {box.address} is taken for the team “{team}”.")
    typer.echo("Start the desk with: backstory serve")
