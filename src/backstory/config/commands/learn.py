"""`backstory learn`: a classifier for a team's own labels, and its figures as JSON."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from backstory.kernel.errors import BackstoryError, InvalidInput


def learn(
    train: Annotated[Path, typer.Argument(metavar="TRAIN.csv", help="Labelled texts: columns `text` and `label`.")],
    *,
    out: Annotated[Path, typer.Option(help="Where the model is written, a `.npz` file.")],
    test: Annotated[
        Path | None, typer.Option(help="Labelled texts to test on; labels TRAIN.csv lacks count as out of scope.")
    ] = None,
    encoder: Annotated[
        bool | None,
        typer.Option("--encoder/--no-encoder", help="With or without the sentence encoder; by default if installed."),
    ] = None,
    leave_out_rare: Annotated[
        bool, typer.Option("--leave-out-rare", help="Leave out labels with fewer than five texts instead of stopping.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="The same seed and examples give the same file.")] = 20_261_121,
) -> None:
    """Train a classifier on your own labels and print what it is worth as one JSON object.

    The figures come from five-fold cross-validation: each text is judged by a model that has not seen it. Each label
    needs at least five different texts. Progress goes to standard error; exit code 1 means that nothing was written.
    """
    try:
        figures = _learned(train, test, out, encoder=encoder, leave_out_rare=leave_out_rare, seed=seed)
    except BackstoryError as problem:
        counts = getattr(problem, "counts", None)
        _put({"error": str(problem), **({"too_few": counts} if counts else {})})
        typer.secho(str(problem), fg="red", err=True)
        raise typer.Exit(1) from None
    _put(figures)


def _learned(
    train: Path, test: Path | None, out: Path, *, encoder: bool | None, leave_out_rare: bool, seed: int
) -> dict[str, Any]:
    from backstory.language import learned_data

    examples = learned_data.read_csv(train)
    tested = learned_data.read_csv(test) if test else []
    if not out.parent.is_dir():
        raise InvalidInput(f"The folder {out.parent} for the model does not exist.")
    learned_data.usable(examples, leave_out_rare=leave_out_rare)  # said before the slow part begins
    from backstory.language import encoder as encoders
    from backstory.language import learn, learned_figures

    if encoder and encoders.name() is None:
        raise InvalidInput("The sentence encoder is not installed: pip install 'backstory[encoder]'")
    began = time.perf_counter()
    with _bar() as progress:
        learned = learn.train(
            examples, seed=seed, with_encoder=encoder, leave_out_rare=leave_out_rare, progress=progress
        )
    _write(out, learned.data)
    figures = {"model": str(out), "version": learned.model().version, **learned.figures}
    if tested:
        figures["test"] = learned_figures.on_test(learned.model(), tested, seed)
    return {**figures, "seconds": round(time.perf_counter() - began, 1)}


def _write(out: Path, data: bytes) -> None:
    """Whole or not at all: a model that is being used is never half overwritten."""
    unfinished = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(out)
    except OSError as problem:
        unfinished.unlink(missing_ok=True)
        raise InvalidInput(f"{out} cannot be written: {problem.strerror or problem}") from None


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on standard error."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        shown = bar.add_task("Starting", total=None)

        def tell(stage: str, done: int, total: int) -> None:
            bar.update(shown, description=stage, completed=done, total=total)

        yield tell


def _put(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()
