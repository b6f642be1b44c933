"""What a user could do instead: each method gives a score for every organisation of a directory.

Settings were fixed before any of them was run on what it is measured on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import bm25s
import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.partners_data import Task

NEIGHBOURS = 50
CO_PARTICIPATION = 0.25
"""Share of co-participation beside the nearest projects; an equal share finds less."""

Method = Callable[[Task], np.ndarray]


def methods(tasks: Sequence[Task], keys: Sequence[str], described: Sequence[str]) -> dict[str, Method]:
    """`tasks` are the known projects, `described` what is known of each of `keys` without any."""
    number = {key: n for n, key in enumerate(keys)}
    took_part = np.zeros((len(tasks), len(keys)), dtype=np.float32)
    for row, task in enumerate(tasks):
        took_part[row, [number[key] for key in task.members if key in number]] = 1
    words = TfidfVectorizer(stop_words="english", sublinear_tf=True)
    projects = words.fit_transform([task.text for task in tasks])
    own = [[tasks[row].text for row in np.flatnonzero(column)] for column in took_part.T]
    texts = [" ".join([name, *each]) for name, each in zip(described, own, strict=True)]
    profiles = words.transform(texts)
    stemless = bm25s.BM25()
    stemless.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)
    drawn = np.random.default_rng(0)

    def together(task: Task) -> np.ndarray:
        if task.lead not in number:
            return np.zeros(len(keys))
        return took_part[took_part[:, number[task.lead]] > 0].sum(axis=0)

    def nearest(task: Task) -> np.ndarray:
        close = (projects @ words.transform([task.text]).T).toarray().ravel()
        near = np.argsort(-close, kind="stable")[:NEIGHBOURS]
        return close[near] @ took_part[near]

    def ranked_by_words(task: Task) -> np.ndarray:
        asked = bm25s.tokenize([task.text], stopwords="en", show_progress=False, return_ids=False)[0]
        return stemless.get_scores(asked)

    return {
        "random": lambda task: drawn.random(len(keys)),
        "popularity": lambda task: took_part.sum(axis=0),
        "co-participation": together,
        "BM25": ranked_by_words,
        "TF-IDF organisation profile": lambda task: (
            (profiles @ words.transform([task.text]).T).toarray().ravel()
        ),
        "nearest projects": nearest,
        "nearest projects + co-participation": lambda task: (
            share(nearest(task)) + CO_PARTICIPATION * share(together(task))
        ),
    }


def versions() -> str:
    return (
        f"Others by bm25s {bm25s.__version__} and scikit-learn {sklearn.__version__}, numpy {np.__version__}."
    )


def share(values: np.ndarray) -> np.ndarray:
    return values / max(float(values.max()), 1e-9)
