"""Fields that hold fields: companies, and lists of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from marshmallow import Schema, ValidationError

from clausebank.bank.model import Blank, BlankType
from clausebank.wording.values import Company, Row
from schemas.companies import FORMS
from schemas.fields import (
    BlankField,
    ChoiceField,
    DateField,
    IntegerField,
    MoneyField,
    PercentField,
    PeriodField,
    SwitchField,
    TextField,
)
from schemas.problems import refused
from schemas.strict import StrictSchema

ROWS = 200
_COMPANY = tuple(field.name for field in fields(Company))
SIMPLE: Mapping[BlankType, type[BlankField[Any]]] = {
    BlankType.MONEY: MoneyField,
    BlankType.PERCENT: PercentField,
    BlankType.DATE: DateField,
    BlankType.PERIOD: PeriodField,
    BlankType.INTEGER: IntegerField,
    BlankType.CHOICE: ChoiceField,
    BlankType.SWITCH: SwitchField,
    BlankType.TEXT: TextField,
}


def field_of(blank: Blank, company: Iterable[Blank], **options: Any) -> BlankField[Any]:
    """Return the field of a blank; ``company`` are the fields of every company."""
    match blank.type:
        case BlankType.COMPANY:
            return CompanyField(blank, company, **options)
        case BlankType.LIST:
            return RowsField(blank, **options)
        case simple:
            return SIMPLE[simple](blank, **options)


class CompanyField(BlankField[Company]):
    """A party, given as a mapping of its fields."""

    def __init__(self, blank: Blank, columns: Iterable[Blank], **options: Any) -> None:
        super().__init__(blank, **options)
        self.columns = tuple(columns)
        self.schema = _schema({column.name: _company_part(column) for column in self.columns})

    def read(self, raw: object) -> Company:
        """Read the fields; every problem stands below the name of its field."""
        if not isinstance(raw, Mapping):
            raise refused("请逐栏填写公司信息。", "Fill in the fields of the company.")
        return Company(**_load(self.schema, raw))

    def write(self, value: Company) -> dict[str, str]:
        """Return the fields that are filled."""
        return {name: text for name in _COMPANY if (text := getattr(value, name))}

    def absent(self) -> Any:
        """Ask for each field of a company that was left out."""
        return {
            name: field.absent()
            for name, field in self.schema.fields.items()
            if isinstance(field, BlankField) and not field.blank.optional
        }


class RowsField(BlankField[tuple[Row, ...]]):
    """A list of rows, each a mapping of its columns; limits count rows."""

    def __init__(self, blank: Blank, **options: Any) -> None:
        super().__init__(blank, **options)
        columns = [column for column in blank.fields if not column.derived]
        self.most = self.high = int(blank.maximum or ROWS)
        self.schema = _schema({column.name: field_of(column, ()) for column in columns})

    def limit(self, text: str) -> int:
        """Return the number of rows."""
        return int(text)

    def measure(self, value: Sequence[object]) -> int:
        """Return the number of rows."""
        return len(value)

    def read(self, raw: object) -> tuple[Row, ...]:
        """Read every row; the problems of a row stand below its index."""
        if not isinstance(raw, list | tuple):
            raise refused("请按行填写。", "Fill in rows.")
        if len(raw) > self.most:
            raise refused(*self.told(self.blank.minimum, self.blank.maximum))
        rows: list[Row] = []
        problems: dict[int, Any] = {}
        for index, row in enumerate(raw):
            try:
                rows.append(_load(self.schema, row))
            except ValidationError as error:
                problems[index] = error.messages
                rows.append(error.valid_data if isinstance(error.valid_data, dict) else {})
        if problems:
            raise ValidationError(problems, valid_data=rows)
        return tuple(rows)

    def told(self, low: str | None, high: str | None) -> tuple[str, str]:  # noqa: ARG002 (the default is told too)
        """Return how many rows there may be."""
        return f"应有{low or 1}至{self.most}行，请增减。", f"Give {low or 1} to {self.most} rows."

    def write(self, value: tuple[Row, ...]) -> list[dict[str, Any]]:
        """Return the rows with the columns that are asked for."""
        return [self.schema.dump(row) for row in value]


def _company_part(column: Blank) -> BlankField[str]:
    return TextField(column, FORMS.get(column.name, str))


def _schema(parts: Mapping[str, BlankField[Any]]) -> Schema:
    return StrictSchema.from_dict(dict(parts))()


def _load(schema: Schema, raw: object) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise refused("请逐栏填写。", "Fill in the columns.")
    values: dict[str, Any] = schema.load(raw)
    return values
