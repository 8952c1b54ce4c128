"""`backstory practice`: role-play with a simulated customer in the terminal; `practice check` proves a file."""

import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from backstory.kernel.errors import BackstoryError, InvalidInput

if TYPE_CHECKING:
    from backstory.practice.customer import Exchange, State
    from backstory.practice.debrief import Debrief
    from backstory.practice.rules import Mood
    from backstory.practice.scenarios import Scenario

MOODS = {"calm": "green", "tense": "cyan", "angry": "yellow", "furious": "red"}
SEEDS = 1_000_000
END = "/end"


def practice(
    scenario: Annotated[
        str | None,
        typer.Argument(help="The scenario's id, or `check` to prove a FILE; left out: all scenarios are listed."),
    ] = None,
    file: Annotated[Path | None, typer.Argument(help="The scenario file to check, YAML.")] = None,
    *,
    seed: Annotated[int | None, typer.Option(min=0, help="The same seed and words give the same conversation.")] = None,
    language: Annotated[str, typer.Option(help="The scenario's language: en or de.")] = "en",
    coach: Annotated[bool, typer.Option("--coach/--no-coach", help="Say after each line what the coach hears")] = False,
) -> None:
    """Role-play with a simulated customer: type what you say line by line; `/end` ends it, then comes the debrief.

    `backstory practice check FILE.yaml` says line by line what is wrong with a scenario of your own, and whether its
    good play calms and its bad one does not; exit code 1 if not.
    """
    console = Console(highlight=False)
    try:
        if scenario == "check":
            _check(console, file)
        elif scenario is None:
            _list(console, language)
        else:
            _play(console, _chosen(scenario, language), secrets.randbelow(SEEDS) if seed is None else seed, coach=coach)
    except BackstoryError as problem:
        typer.secho(str(problem), fg="red", err=True)
        raise typer.Exit(1) from None


def _chosen(name: str, language: str) -> "Scenario":
    from backstory.practice.scenarios import shipped

    found = shipped().get((name, language))
    if found is None:
        raise InvalidInput(
            f"There is no scenario “{name}” in “{language}”: `backstory practice` lists them.", "scenario"
        )
    return found


def _list(console: Console, language: str) -> None:
    from backstory.practice.scenarios import shipped

    table = Table("scenario", "title", "behaviour", "style", "cause", "difficulty", box=None)
    for (name, spoken), one in shipped().items():
        if spoken == language:
            table.add_row(name, escape(one.title), one.behaviour, one.style, one.cause, "●" * one.difficulty)
    console.print(table)
    console.print("\nPlay one: backstory practice hot_water")


def _check(console: Console, file: Path | None) -> None:
    from backstory.practice import plays
    from backstory.practice.scenarios import ScenarioProblems

    if file is None:
        raise InvalidInput("Name the file to check: backstory practice check FILE.yaml", "file")
    try:
        source = file.read_bytes().decode("utf-8-sig", "replace")
    except OSError as problem:
        raise InvalidInput(f"{file} cannot be read: {problem.strerror}", "file") from None
    try:
        scenario = plays.proven(source)
    except ScenarioProblems as problem:
        raise InvalidInput("\n".join(f"{file}:{one.line}: {one.message}" for one in problem.problems)) from None
    good, bad = plays.play(scenario, scenario.good), plays.play(scenario, scenario.bad)
    console.print(f"{escape(scenario.title)}: it holds.")
    for name, one in (("good", good), ("bad", bad)):
        before, after = one.start.mood.arousal, one.end.mood.arousal
        console.print(f"  {name} play: arousal {before:.0f} → {after:.0f}, {one.end.ending}, score {one.debrief.score}")


def _play(console: Console, scenario: "Scenario", seed: int, *, coach: bool) -> None:
    from backstory.practice import customer
    from backstory.practice.debrief import debrief
    from backstory.practice.plays import played

    start = state = customer.begin(scenario, seed)
    console.print(f"[bold]{escape(scenario.title)}[/] · seed {seed}\n{escape(scenario.brief)}\n")
    _speaks(console, scenario.customer, state.spoken, state.mood)
    exchanges: list[Exchange] = []
    for said in _lines(console):
        exchanges.append(customer.answer(scenario, state, said, seed))
        state = exchanges[-1].state
        if coach:
            _coached(console, exchanges[-1])
        _speaks(console, scenario.customer, exchanges[-1].answer, state.mood)
        if state.ending:
            break
    end: State = customer.stopped(state)
    _told(console, scenario, debrief(scenario, start.mood, [played(one) for one in exchanges], end.ending))


def _lines(console: Console) -> Iterator[str]:
    """What the agent types, until `/end` or the end of the input; lines without words are passed over."""
    typed = sys.stdin.isatty()
    while True:
        if typed:
            console.print("[dim]you ›[/] ", end="")
        line = sys.stdin.readline()
        if not line or line.strip() == END:
            return
        if line.strip():
            yield line.strip()[:4000]


def _speaks(console: Console, name: str, words: str, mood: "Mood") -> None:
    colour = MOODS[mood.band]
    console.print(f"[{colour}]{escape(name)}[/] [dim]({mood.band} {mood.arousal:.0f})[/] {escape(words)}\n")


def _coached(console: Console, exchange: "Exchange") -> None:
    for finding in exchange.advice["findings"][:3]:
        console.print(f"[dim]  coach: {escape(finding['message'])}[/]")


def _told(console: Console, scenario: "Scenario", taught: "Debrief") -> None:
    console.rule(f"Debrief · {taught.ending} · {taught.score} of 100")
    console.print("  ".join(f"{step.name} {step.percent} %" for step in taught.care))
    console.print("arousal " + " → ".join(f"{mood.arousal:.0f}" for mood in taught.curve))
    for point in taught.turning_points:
        causes = "; ".join(f"{title} “{quote}”" if quote else title for title, quote, _ in point.causes)
        console.print(f"  {point.number}: {point.change:+.0f}  {escape(causes)}")
    for missed in taught.missed:
        console.print(f"[yellow]missed[/] {escape(missed.what)}\n  [green]›[/] {escape(missed.line)}")
    for better in taught.better:
        console.print(f"[red]instead of[/] “{escape(better.quote)}”\n  [green]›[/] {escape(better.line)}")
    console.print(f"\n[bold]What lay behind it[/] {escape(scenario.backstory)}")
