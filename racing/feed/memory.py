"""Reading of memory by address in compiled code: one byte, or eight at a place that need not be aligned.

Whoever reads makes sure that the memory is there.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic


def _byte_at(typing: Any, base: Any, at: Any) -> Any:  # noqa: ANN401 - numba's own
    """Return the byte at a place behind an address, as an integer."""
    del typing, base, at

    def load(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        address = builder.inttoptr(builder.add(*arguments), ir.IntType(8).as_pointer())
        return builder.zext(builder.load(address), ir.IntType(64))

    return types.int64(types.intp, types.int64), load


def _word_at(typing: Any, base: Any, at: Any) -> Any:  # noqa: ANN401 - numba's own
    """Return the eight bytes at a place behind an address, the first one lowest, as a signed integer."""
    del typing, base, at

    def load(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        address = builder.inttoptr(builder.add(*arguments), ir.IntType(64).as_pointer())
        return builder.load(address, align=1)

    return types.int64(types.intp, types.int64), load


def _trailing_zeros(typing: Any, word: Any) -> Any:  # noqa: ANN401 - numba's own
    """Return how many bits below the lowest one that is set; the word is not zero."""
    del typing, word

    def count(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), count


# Each takes an address and a place behind it. How they are typed is numba's, not Python's.
byte_at: Any = intrinsic(_byte_at)
word_at: Any = intrinsic(_word_at)
trailing_zeros: Any = intrinsic(_trailing_zeros)
