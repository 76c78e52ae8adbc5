"""What every room's ``graph.py`` is built with: the request, batched loads, pages, scalars, expected errors."""
