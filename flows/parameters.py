"""Parameters that several flows have, as a person sees them in the UI's form."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

HomeFolder = Annotated[
    str,
    Field(
        title="Home",
        description="The folder of the lake and the warehouse, on the machine that runs this; "
        "empty: the one in INGEST_HOME there, or data.",
    ),
]
Workers = Annotated[
    int | None,
    Field(
        title="Workers",
        ge=1,
        le=256,
        description="Processes that read articles; empty: one for each core.",
    ),
]
Sources = Annotated[
    list[str] | None,
    Field(
        title="Sources",
        description="Names of sources, as their files in the home's sources/ have them; "
        "empty: all of them.",
    ),
]
