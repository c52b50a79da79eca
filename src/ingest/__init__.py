"""News articles in, a warehouse that answers SQL out.

The package is five floors, and imports only go down: `words` (the nouns), `reading` (pure
functions from bytes to articles), `world` (one module per outside thing), `work` (the stages)
and `doors` (the command line and the flows). Read the module docstrings in that order.
"""

import os

# A page is read with small matrices: more threads than one make that no faster, and take twice the
# processor time. Read by numpy when it is first loaded, so it is set before anything else.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
