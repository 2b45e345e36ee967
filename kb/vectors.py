"""The vectors of many texts, encoded once: kept under the hash of the texts."""

import hashlib
from collections.abc import Sequence

import numpy as np

from kb.cache import Arrays, cached
from kb.encoder import Encoder
from kb.features import Floats


def vectors_of(texts: Sequence[str], encoder: Encoder) -> Floats:
    """The texts' vectors, shape (texts, WIDTH), whether encoded now or before: of half the digits, as they are kept."""
    keys = [hashlib.sha256(f"{encoder.name}\n{text}".encode()).digest() for text in texts]

    def encoded(before: Arrays) -> Arrays:
        known = {
            key.tobytes(): vector for key, vector in zip(before.get("keys", ()), before.get("vectors", ()), strict=True)
        }
        vectors = [
            known[key] if key in known else encoder.encode(text).astype(np.float16)
            for key, text in zip(keys, texts, strict=True)
        ]
        return {"keys": np.frombuffer(b"".join(keys), np.uint8).reshape(-1, 32), "vectors": np.stack(vectors)}

    kept = cached("vectors", hashlib.sha256(b"".join(keys)).hexdigest()[:32], encoded)
    return np.asarray(kept["vectors"], np.float32)
