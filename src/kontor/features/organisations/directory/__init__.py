"""Finding organisations: words, filters, counts beside them, pages, the map, saved views and changes to
many at once.
"""
