"""The inverse of a large symmetric positive matrix in its own memory, with nothing but numpy.

numpy offers no LAPACK routine that works in place in float32 (`spotrf`/`spotri` are scipy's, which Lantern does not
need otherwise). The symmetric sweep (Beaton 1964; Goodnight 1979, "A tutorial on the SWEEP operator") in blocks does the
same n³ operations, all of them in matrix products.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def negative_inverse(matrix: NDArray[np.float32], block: int = 256) -> None:
    """Replace the lower triangle of `matrix` (n × n, symmetric, positive definite) by that of minus its inverse.

    Only the lower triangle is read; what is above the diagonal is undefined afterwards. Needs three panels of n ×
    `block` beside the matrix. Raises numpy.linalg.LinAlgError for a singular block.
    """
    size = len(matrix)
    for first in range(0, size, block):
        last = min(first + block, size)
        panel = np.concatenate((matrix[first:last, :first].T, matrix[first:, first:last]))
        pivot = _inverse_of(panel[first:last])
        panel[first:last] = 0
        swept = panel @ pivot
        for top in range(0, size, block):
            if top != first:
                bottom = min(top + block, size)
                matrix[top:bottom, :bottom] -= panel[top:bottom] @ swept[:bottom].T
        matrix[first:last, :first] = swept[:first].T
        matrix[last:, first:last] = swept[last:]
        matrix[first:last, first:last] = -pivot


def _inverse_of(corner: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the inverse of a small block whose lower triangle counts, worked out in double precision."""
    lower = np.tril(corner).astype(np.float64)
    inverse = np.linalg.inv(lower + np.tril(lower, -1).T)
    return np.asarray((inverse + inverse.T) / 2, dtype=np.float32)


def symmetric_rows(matrix: NDArray[np.float32], first: int, last: int) -> NDArray[np.float32]:
    """Return whole rows of a symmetric matrix of which only the lower triangle is kept."""
    corner = np.tril(matrix[first:last, first:last])
    return np.concatenate(
        (matrix[first:last, :first], corner + np.tril(corner, -1).T, matrix[last:, first:last].T), axis=1
    )
