"""`backstory playbooks`: checking, exporting and importing playbooks as YAML files."""

from pathlib import Path
from typing import Annotated

import typer

from backstory.config import boot

playbooks = typer.Typer(no_args_is_help=True, help="Playbooks as YAML files: check, export, import.")
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="Playbooks, as YAML.")]


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as problem:
        raise typer.BadParameter(f"{path} cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise typer.BadParameter(f"{path} is not UTF-8 text") from None


@playbooks.command()
def check(files: Files) -> None:
    """Say whether each file is a playbook, and what is wrong: `FILE:LINE: path: what was expected`. Needs no desk.

    Exit code 1 if anything is wrong.
    """
    from backstory.cases.playbooks.texts import problems_of

    wrong = False
    for path in files:
        problems = problems_of(_read(path))
        wrong = wrong or bool(problems)
        for one in problems:
            typer.echo(f"{path}:{one.line}: {f'{one.path}: ' if one.path else ''}{one.words}")
        if not problems:
            typer.echo(f"{path}: well")
    raise typer.Exit(1 if wrong else 0)


@playbooks.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where the files go; made if it is not there.")],
    shipped: Annotated[bool, typer.Option("--shipped", help="Those that the desk comes with.")] = False,
) -> None:
    """Write the playbooks in force to one YAML file each, as they were written."""
    if shipped:
        from backstory.cases.playbooks.shipped import sources

        texts = sources()
    else:
        boot.setup(json_lines=False)
        from backstory.cases import queries

        texts = {version.playbook.slug: version.source for _, version in queries.in_force()}
    folder.mkdir(parents=True, exist_ok=True)
    for slug, source in texts.items():
        (folder / f"{slug}.yaml").write_text(source, encoding="utf-8")
    typer.echo(f"{len(texts)} playbooks are in {folder}.")


@playbooks.command("import")
def import_files(
    files: Files,
    by: Annotated[str, typer.Option("--as", help="The log-in in whose name they are saved.")],
    note: Annotated[str, typer.Option(help="What was changed, and why.")] = "",
    force: Annotated[bool, typer.Option("--in-force", help="Put each in force at once, if that log-in may.")] = False,
) -> None:
    """Save each file as a new version, a draft; what is already there like that is left alone."""
    boot.setup(json_lines=False)
    from backstory.cases import actions
    from backstory.kernel.errors import BackstoryError, Conflict
    from backstory.people.queries import colleague

    user = colleague(by)
    if user is None:
        raise typer.BadParameter(f"there is no active log-in {by}", param_hint="--as")
    failed = False
    for path in files:
        try:
            version = actions.save_playbook(user, _read(path), note)
            if force:
                actions.put_playbook_in_force(user, version.playbook_id, version.number)
            typer.echo(
                f"{path}: {version.playbook.slug}, version {version.number}{', in force' if force else ', a draft'}"
            )
        except Conflict as unchanged:
            typer.echo(f"{path}: {unchanged}")
        except BackstoryError as problem:
            typer.secho(f"{path}: {problem}", fg="red", err=True)
            failed = True
    raise typer.Exit(1 if failed else 0)
