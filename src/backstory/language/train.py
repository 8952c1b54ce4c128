"""Trains every weight file from the public sets and our own messages: `python -m backstory.language.train`.

Needs scikit-learn (the `train` extra) and the sets at `../shared` or `$BACKSTORY_SHARED`. Seeded, one core, minutes.
Writes `data/weights/*.npz` and `manifest.json` with a SHA-256 each. Named files alone are trained where some are named:
`python -m backstory.language.train service`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from threadpoolctl import threadpool_limits

from backstory.language import corpora, weights
from backstory.language.conduct_training import conduct
from backstory.language.emotion_training import brighter, english, french
from backstory.language.fitting import Trained
from backstory.language.language_training import languages
from backstory.language.service_training import service
from backstory.language.situations_training import trained as situations

VERSION = "2.0.0"


def write(trained: list[Trained], folder: Path) -> None:
    """Writes the weight files and the manifest that vouches for them; what the manifest says of others stays."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "manifest.json"
    files = json.loads(path.read_text(encoding="utf-8"))["files"] if path.exists() else {}
    for one in trained:
        digest = weights.save(folder / one.name, one.arrays)
        files[one.name] = {
            "sha256": digest,
            "version": one.version,
            "sets": one.sets,
            "bytes": (folder / one.name).stat().st_size,
        }
    stated = {"format": weights.FORMAT, "version": VERSION, "files": files}
    path.write_text(json.dumps(stated, indent=2) + "\n", encoding="utf-8")


TRAINERS: dict[str, Callable[[], Trained]] = {
    "languages": languages,
    "service": service,
    "situations": situations,
    "conduct": conduct,
    "english": english,
    "german": lambda: brighter("deu", "german"),
    "spanish": lambda: brighter("esp", "spanish"),
    "french": french,
    "portuguese": lambda: brighter("ptbr", "portuguese", strength=False),
    "romanian": lambda: brighter("ron", "romanian", strength=False),
    "russian": lambda: brighter("rus", "russian", strength=False),
    "swedish": lambda: brighter("swe", "swedish", strength=False),
    "ukrainian": lambda: brighter("ukr", "ukrainian", strength=False),
    "chinese": lambda: brighter("chn", "chinese", strength=False),
    "hindi": lambda: brighter("hin", "hindi", strength=False),
    "arabic": lambda: brighter("arq", "arabic", strength=False),
}


def main(arguments: Sequence[str]) -> int:
    """Trains and writes the named files, or all; returns an exit code."""
    unknown = [name for name in arguments if name not in TRAINERS]
    if unknown:
        sys.stderr.write(f"{unknown[0]} is none of {', '.join(TRAINERS)}\n")
        return 2
    try:
        # Sums of floats depend on how many threads share them: with one the files come out the same byte for byte.
        with threadpool_limits(1):
            trained = [TRAINERS[name]() for name in arguments or TRAINERS]
    except corpora.SetMissing as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    write(trained, weights.FOLDER)
    total = sum((weights.FOLDER / one.name).stat().st_size for one in trained)
    sys.stdout.write(f"wrote {len(trained)} weight files, {total / 1e6:.2f} MB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
