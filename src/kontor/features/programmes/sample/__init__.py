"""The library's programmes beside the sample directory, and an invented life of one of them.

Members state what they can do for the target products of one programme, some products have come
further than an idea, and some of its money is committed. Written twice, nothing changes; it goes with the
sample.
"""

from kontor.features.programmes.sample.load import load_programmes, remove_programmes

__all__ = ["load_programmes", "remove_programmes"]
