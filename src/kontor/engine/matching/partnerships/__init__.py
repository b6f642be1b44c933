"""Real projects as questions with known partners: what the matchmaker is measured on and can learn from."""

from kontor.engine.matching.partnerships.maker import PARTS, Maker, Question
from kontor.engine.matching.partnerships.source import Source, Task, masked, source_of

__all__ = ["PARTS", "Maker", "Question", "Source", "Task", "masked", "source_of"]
