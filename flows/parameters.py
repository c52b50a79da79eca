"""Parameters that several flows have, with the ranges that the UI's form holds them to.

What each means stands in the flows' own docstrings, for that is where Prefect reads it from.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

HomeFolder = Annotated[str, Field(max_length=4096)]
# 0 is one for each core: a form has no good field for a number or nothing.
Workers = Annotated[int, Field(ge=0, le=256)]
Sources = Annotated[list[str], Field(max_length=10_000)]
# One source by its name; empty is all of them.
SourceName = Annotated[str, Field(max_length=200)]
