"""How well `backstory learn` does on public sets: `python -m benchmarks.learn [banking77|clinc150|cfpb]… [--encoder]`.

Official training and test splits; where there is no test split (CFPB), cross-validation. One JSON line a set.
"""

import csv
import json
import sys
import time
from collections.abc import Callable

from backstory.language import learn, learned_figures
from backstory.language.corpora import shared
from backstory.language.learned_data import Example

Split = tuple[list[Example], list[Example]]
TOLD = ("examples", "accuracy", "macro_f1", "calibration_error", "encoder")


def banking77() -> Split:
    """77 intents of bank customers (CC BY 4.0)."""
    return _columns("banking77/train.csv", 0, 1), _columns("banking77/test.csv", 0, 1)


def clinc150() -> Split:
    """150 intents, and queries that are none of them (CC BY 3.0)."""
    data = json.loads((shared() / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    train, test, outside = (
        [Example(text, label) for text, label in data[one]] for one in ("train", "test", "oos_test")
    )
    return train, test + outside


def cfpb() -> Split:
    """Narratives of complaints about nine financial products (US public domain); no test split."""
    path = shared() / "cfpb" / "narratives_2085.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [Example(row["Consumer complaint narrative"], row["Product"]) for row in rows], []


def _columns(name: str, text: int, label: int) -> list[Example]:
    with (shared() / name).open(encoding="utf-8", newline="") as lines:
        return [Example(row[text], row[label]) for row in list(csv.reader(lines))[1:]]


SETS: dict[str, Callable[[], Split]] = {"banking77": banking77, "clinc150": clinc150, "cfpb": cfpb}


def main(arguments: list[str]) -> None:
    use_encoder = "--encoder" in arguments
    for name in [one for one in arguments if one in SETS] or SETS:
        train, test = SETS[name]()
        began = time.perf_counter()
        learned = learn.train(train, with_encoder=use_encoder, leave_out_rare=True)
        row = {"set": name, "seconds": round(time.perf_counter() - began), "bytes": len(learned.data)}
        row |= {"cross_validated": {key: learned.figures[key] for key in TOLD}, "left_out": learned.figures["left_out"]}
        if test:
            row["test"] = learned_figures.on_test(learned.model(), test, learn.SEED)
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
