"""A small, safe language for choosing patients by their baseline.

An expression combines comparisons of a baseline column with a literal or another column:
``sex == "F"``, ``18 <= age_years < 40``, ``centre in ["C01", "C03"]``, ``not cd34_selection``,
``mrss > 24 and (rhc == "normal" or fvc_pct < 70)``. Dates are compared with text in the form
YYYY-MM-DD. Nothing is ever executed: the expression is parsed and only these forms are evaluated.

A comparison in which a value is missing is false, ``!=`` and ``not in`` included; ``not`` inverts
what it is applied to, so that ``not (mrss > 24)`` also holds where mRSS is missing.
"""

from __future__ import annotations

import ast
import datetime as dt
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_LANGUAGE = (
    "Allowed are comparisons (== != < <= > >= in, not in), and, or, not, parentheses, numbers, "
    "quoted text, True, False and column names."
)
_LONGEST = 1000


class PopulationError(ValueError):
    """A population expression is not one of the language."""


def select_rows(population: str, baseline: pd.DataFrame) -> pd.Series[bool]:
    """Evaluate a population expression on the baseline.

    Parameters
    ----------
    population : str
        Expression, at most 1000 characters.
    baseline : DataFrame
        One row a patient.

    Returns
    -------
    Series of bool
        On the index of `baseline`, never missing: true where the patient belongs.

    Raises
    ------
    PopulationError
        When the expression does not parse, uses anything outside the language, names an unknown
        column, or compares text with a number. The message names the part at fault.
    """
    if len(population) > _LONGEST:
        raise PopulationError(
            f"The population has {len(population)} characters; at most {_LONGEST} are allowed."
        )
    try:
        tree = ast.parse(population.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else "it is too deeply nested"
        raise PopulationError(
            f"The population {population!r} is not an expression: {reason}. {_LANGUAGE}"
        ) from error
    try:
        return _Evaluation(population, baseline).truth(tree.body)
    except RecursionError as error:
        raise PopulationError("The population is too deeply nested. Simplify it.") from error


@dataclass(frozen=True)
class _Operand:
    """A side of a comparison: its text, its kind, and a column or a literal."""

    text: str
    kind: str
    value: Any
    is_column: bool


class _Evaluation:
    """Evaluate one parsed expression on one baseline."""

    def __init__(self, population: str, baseline: pd.DataFrame) -> None:
        self.population = population.strip()
        self.baseline = baseline

    def truth(self, node: ast.expr) -> pd.Series[bool]:
        if isinstance(node, ast.BoolOp):
            parts = [self.truth(value) for value in node.values]
            whole = parts[0]
            for part in parts[1:]:
                whole = whole & part if isinstance(node.op, ast.And) else whole | part
            return whole
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return ~self.truth(node.operand)
        if isinstance(node, ast.Compare):
            return self._comparison(node)
        if isinstance(node, ast.Name):
            column = self._operand(node)
            if column.kind != "yes/no":
                raise self._refusal(node, f"is a {column.kind} column: compare it with a value")
            return _decided(column.value)
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            return pd.Series(node.value, index=self.baseline.index, dtype=bool)
        raise self._refusal(node, "is neither a comparison nor a yes/no column")

    def _comparison(self, node: ast.Compare) -> pd.Series[bool]:
        whole = pd.Series(True, index=self.baseline.index, dtype=bool)
        left = node.left
        for comparison, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(comparison, ast.In | ast.NotIn):
                whole = whole & self._membership(left, right, isinstance(comparison, ast.In))
            else:
                whole = whole & self._pair(left, comparison, right)
            left = right
        return whole

    def _membership(self, left: ast.expr, right: ast.expr, inside: bool) -> pd.Series[bool]:
        column = self._operand(left)
        if not column.is_column:
            raise self._refusal(left, "stands before 'in' and is not a column")
        if not isinstance(right, ast.List | ast.Tuple | ast.Set):
            raise self._refusal(right, "stands after 'in' and is not a list such as [1, 2]")
        values = []
        for element in right.elts:
            literal = self._operand(element)
            if literal.is_column:
                raise self._refusal(element, "is a column; a list holds numbers or quoted text")
            values.append(self._of_kind(literal, column))
        found = column.value.isin(values)
        chosen: pd.Series[bool] = _decided(found if inside else ~found) & column.value.notna()
        return chosen

    def _pair(self, left: ast.expr, comparison: ast.cmpop, right: ast.expr) -> pd.Series[bool]:
        compare = _COMPARISONS.get(type(comparison))
        if compare is None:
            raise self._refusal(right, "is compared by 'is'; write == instead")
        first, second = self._operand(left), self._operand(right)
        if not (first.is_column or second.is_column):
            raise self._refusal(
                left, f"is compared with {second.text}; one of the two must be a column"
            )
        given = pd.Series(True, index=self.baseline.index, dtype=bool)
        for operand in (first, second):
            if operand.is_column:
                given = given & operand.value.notna()
        if first.is_column:
            result = compare(first.value, self._of_kind(second, first))
        else:
            result = compare(self._of_kind(first, second), second.value)
        return _decided(result) & given

    def _of_kind(self, operand: _Operand, column: _Operand) -> Any:
        if operand.kind == column.kind:
            return operand.value
        if column.kind == "date" and operand.kind == "text" and not operand.is_column:
            try:
                return pd.Timestamp(dt.date.fromisoformat(operand.value))
            except ValueError:
                raise PopulationError(
                    f"In the population {self.population!r}, {operand.text} is compared with the "
                    f"date {column.text} and is not a date written YYYY-MM-DD."
                ) from None
        raise PopulationError(
            f"In the population {self.population!r}, {column.text} is a {column.kind} column and "
            f"{operand.text} is {operand.kind}: the two cannot be compared."
        )

    def _operand(self, node: ast.expr) -> _Operand:
        text = self._text(node)
        if isinstance(node, ast.Name):
            if node.id not in self.baseline.columns:
                known = ", ".join(sorted(map(str, self.baseline.columns)))
                raise self._refusal(
                    node, f"is not a baseline column. Columns: {known}", language=False
                )
            column = self.baseline[node.id]
            return _Operand(text, _kind(column), column, True)
        sign = 1
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            sign, node = -1, node.operand
        if isinstance(node, ast.Constant):
            value = node.value
            if isinstance(value, bool) and sign == 1:
                return _Operand(text, "yes/no", value, False)
            if isinstance(value, int | float) and not isinstance(value, bool):
                try:
                    return _Operand(text, "number", float(sign * value), False)
                except OverflowError:
                    raise self._refusal(node, "is too large a number") from None
            if isinstance(value, str) and sign == 1:
                return _Operand(text, "text", value, False)
        raise self._refusal(node, "is not allowed")

    def _text(self, node: ast.expr) -> str:
        text = ast.get_source_segment(self.population, node) or ast.unparse(node)
        return text if len(text) <= 60 else text[:57] + "..."

    def _refusal(self, node: ast.expr, why: str, *, language: bool = True) -> PopulationError:
        allowed = f" {_LANGUAGE}" if language else ""
        return PopulationError(
            f"In the population {self.population!r}, {self._text(node)} {why}.{allowed}"
        )


def _kind(column: pd.Series[Any]) -> str:
    if pd.api.types.is_bool_dtype(column):
        return "yes/no"
    if pd.api.types.is_numeric_dtype(column):
        return "number"
    if pd.api.types.is_datetime64_any_dtype(column):
        return "date"
    return "text"


def _decided(values: Any) -> pd.Series[bool]:
    decided: pd.Series[bool] = values.fillna(False).astype(bool)
    return decided
