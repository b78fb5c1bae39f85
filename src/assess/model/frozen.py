"""What every model shares: frozen fields, frozen mappings, arrays, ids, numbers never coerced."""

import re
from collections.abc import Callable, Generator, Iterable, Mapping
from functools import wraps
from typing import Annotated, Any, NoReturn, Self, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    Strict,
    ValidationError,
)
from pydantic_core import CoreSchema, core_schema

from assess.model.problems import Problem, StudyError, shown
from assess.model.wording import readable

K = TypeVar("K")
V = TypeVar("V")
F = TypeVar("F", bound="Frozen")
S = TypeVar("S", bound=np.generic)

ID_PATTERN = re.compile(r"[a-z][a-z0-9_]{0,63}")


class Frozen(BaseModel):
    """A model whose fields cannot change and whose unknown fields are refused.

    Raises:
        StudyError: an argument is wrong; lists every one, with the value and the nearest valid
            choice.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    def __init__(self, *positional: Any, **given: Any) -> None:
        if positional:
            fields = ", ".join(f"{name}=..." for name in type(self).model_fields)
            raise TypeError(f"{type(self).__name__} takes keywords: {fields}")
        if self.__dict__:
            raise TypeError(f"this {type(self).__name__} is frozen; make a new one instead")
        try:
            self.__pydantic_validator__.validate_python(given, self_instance=self)
        except ValidationError as error:
            raise _in_words(type(self), given, error) from None

    # What BaseModel's own carries: pydantic need not call this for a model inside another.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a new model with some fields changed; it is validated as any other."""
        del deep  # nothing in a frozen model needs copying
        return type(self)(**{**dict(self), **(update or {})})

    def __repr_args__(self) -> Generator[tuple[str, Any], None, None]:
        """Show what is not as it would be if nothing were said."""
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if field.is_required() or value != field.get_default(call_default_factory=True):
                yield name, value

    def __iter__(self) -> Generator[tuple[str, Any], None, None]:
        return ((name, getattr(self, name)) for name in type(self).model_fields)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and dict(self) == dict(other)

    def __hash__(self) -> int:
        return hash((type(self).__name__, *(value for _, value in self)))

    def __getstate__(self) -> dict[Any, Any]:
        return {**super().__getstate__(), "__dict__": dict(self)}


def _in_words(model: type[Frozen], given: Mapping[str, Any], error: ValidationError) -> StudyError:
    found = readable(model, given, error, python=True)
    return StudyError(
        Problem(model.__name__, path, message, hint) for path, message, hint, _ in found
    )


def kept(function: Callable[[F], V]) -> Callable[[F], V]:
    """Keep what a function finds out about a frozen model with that model, as it cannot change.

    What is kept takes no part in equality, hash, copies or files.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def once(model: F) -> V:
        held = model.__dict__
        if name not in held:
            held[name] = function(model)
        found: V = held[name]
        return found

    return once


def fixed(array: NDArray[S]) -> NDArray[S]:
    """Return a copy of an array that nobody can write to, not even by setting its flags."""
    return np.ndarray(array.shape, array.dtype, buffer=array.tobytes())


class FrozenDict(dict[K, V]):
    """A mapping that cannot change; hashed and compared by content, and by order with its like."""

    __slots__ = ("_made",)

    def __init__(self, given: Mapping[K, V] | Iterable[tuple[K, V]] = (), /) -> None:
        if hasattr(self, "_made"):
            self._refuse()
        super().__init__(given)
        self._made = True

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this mapping belongs to a frozen model; make a new model instead")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __eq__(self, other: object) -> bool:
        in_order = not isinstance(other, FrozenDict) or list(self) == list(other)
        return in_order and dict.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type["FrozenDict[K, V]"], tuple[dict[K, V]]]:
        return FrozenDict, (dict(self),)


class _AsFrozenDict:
    """Tells pydantic to validate a mapping and to keep it as a `FrozenDict`."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        key, value = get_args(source)
        mapping = handler.generate_schema(dict[key, value])  # type: ignore[valid-type]
        return core_schema.no_info_after_validator_function(FrozenDict, mapping)


def _check_id(text: str) -> str:
    if not ID_PATTERN.fullmatch(text):
        raise ValueError(
            f"{shown(text)} is not an id: use lower-case letters, digits and underscores, "
            "beginning with a letter, 64 characters at most"
        )
    return text


def _one_zero(number: float) -> float:
    """Return a number, and 0 for -0.0: what is equal is written alike."""
    return number + 0.0


Id = Annotated[str, AfterValidator(_check_id)]
Keyed = Annotated[Mapping[Id, V], _AsFrozenDict()]
Labelled = Annotated[Mapping[str, V], _AsFrozenDict()]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False), AfterValidator(_one_zero)]
# A limit stands before the validator: set outside it, schemas would not show it.
NotNegative = Annotated[
    float, Strict(), Field(allow_inf_nan=False, ge=0), AfterValidator(_one_zero)
]
Share = Annotated[
    float, Strict(), Field(allow_inf_nan=False, ge=0, le=1), AfterValidator(_one_zero)
]
Text = Annotated[str, Field(max_length=20_000)]
