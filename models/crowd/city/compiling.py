"""How the functions inside the kernel are compiled: into the one that calls them, without ways in from Python.

Nothing in them makes an array, so they need no counting of references; each passes many arrays, so that a call costs
more than most of what they do. `_cells.walk` is the one way in that is kept on disk.
"""

from __future__ import annotations

from functools import partial

import numba as nb

_INNER = partial(nb.njit, nogil=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)
INLINE = _INNER(forceinline=True)
CALLED = _INNER()
