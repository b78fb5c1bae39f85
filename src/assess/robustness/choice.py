"""Which strategies are best by a criterion, and which worlds decide that."""

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.model import nearest, shown
from assess.robustness.criteria import hurwicz, laplace, maximax, maximin, minimax_regret
from assess.robustness.payoffs import TIE, table_of

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Criterion = Literal["maximin", "maximax", "hurwicz", "laplace", "minimax_regret"]
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)


def scores(payoffs: ArrayLike, criterion: Criterion, *, optimism: float = 0.5) -> Array:
    """Return what each strategy comes to by a criterion, turned so that the most is best.

    Args:
        payoffs: [..., strategy, world].
        criterion: a name in `CRITERIA`; of "minimax_regret", the largest regret below 0.
        optimism: of "hurwicz".

    Returns:
        [..., strategy].

    Raises:
        ValueError: as `maximin`; no such criterion.

    >>> scores([[50, 60], [20, 80], [40, 70]], "minimax_regret").tolist()
    [-20.0, -30.0, -10.0]
    """
    if criterion not in CRITERIA:
        raise ValueError(f"no criterion {shown(criterion)} ({nearest(criterion, CRITERIA)})")
    if criterion == "minimax_regret":
        return -minimax_regret(payoffs)
    if criterion == "hurwicz":
        return hurwicz(payoffs, optimism)
    plain: dict[str, Callable[[ArrayLike], Array]] = {
        "maximin": maximin,
        "maximax": maximax,
        "laplace": laplace,
    }
    return plain[criterion](payoffs)


def chosen(payoffs: ArrayLike, criterion: Criterion, *, optimism: float = 0.5) -> Mask:
    """Return which strategies are best by a criterion; all of those that tie.

    Args:
        payoffs: [..., strategy, world].
        criterion: a name in `CRITERIA`.
        optimism: of "hurwicz".

    Returns:
        [..., strategy]; equal is what differs by 1e-12 of the largest payoff, or of 1.

    Raises:
        ValueError: as `scores`.

    >>> chosen([[50, 60], [20, 80], [40, 70]], "laplace").tolist()
    [True, False, True]
    """
    found = scores(payoffs, criterion, optimism=optimism)
    size = np.maximum(1.0, np.abs(table_of(payoffs)).max(axis=(-2, -1)))
    best: Mask = found >= found.max(axis=-1, keepdims=True) - TIE * size[..., None]
    return best


def which_world_decides(
    payoffs: ArrayLike, criterion: Criterion = "minimax_regret", *, optimism: float = 0.5
) -> Mask:
    """Return the worlds without which another strategy would be best, or fewer or more would tie.

    Args:
        payoffs: [..., strategy, world], of two worlds or more.
        criterion: a name in `CRITERIA`.
        optimism: of "hurwicz".

    Returns:
        [..., world]; more than one can decide, or none.

    Raises:
        ValueError: as `scores`; there is one world only.

    >>> which_world_decides([[50, 60], [20, 80], [40, 70]]).tolist()
    [True, True]
    """
    table = table_of(payoffs)
    if table.shape[-1] < 2:
        raise ValueError("one world alone decides everything: give two worlds or more")
    whole = chosen(table, criterion, optimism=optimism)
    without = (
        chosen(np.delete(table, world, axis=-1), criterion, optimism=optimism)
        for world in range(table.shape[-1])
    )
    return np.stack([(other != whole).any(axis=-1) for other in without], axis=-1)
