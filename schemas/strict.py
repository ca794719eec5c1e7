"""A schema that names every unknown and every missing field, each with what to do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, missing, validates_schema

from schemas.fields import BlankField, is_empty
from schemas.problems import Message, message

NOT_A_MAPPING = message("应为键和值。", "A mapping of names and values is expected.")


class StrictSchema(Schema):
    """A schema of blank fields; unknown names are refused by ``refuse_unknown``, not passed over."""

    class Meta:
        """Marshmallow only reads what is declared; the rest is reported with better words."""

        unknown = EXCLUDE

    # Marshmallow puts the messages of a schema into lists as they are, so they may be mappings.
    error_messages: dict[str, Any] = {"type": NOT_A_MAPPING}  # noqa: RUF012 (declared so by marshmallow)

    def load(self, data: Any, **options: Any) -> Any:
        """Return the values, at once where all is well; else ValidationError with every problem."""
        values = None if options else self._valid(data)
        return super().load(data, **options) if values is None else values

    def _valid(self, data: Any) -> dict[str, Any] | None:
        """Return the values of faultless data, None for any other."""
        if type(data) is not dict or not data.keys() <= self.load_fields.keys():
            return None
        values = {}
        try:
            for name, field in self.load_fields.items():
                value = field.deserialize(data[name]) if name in data else field.load_default
                if value is not missing:
                    values[name] = value
        except ValidationError:
            return None
        return None if self.faults(values, data) else values

    def dump(self, obj: Any, **options: Any) -> Any:
        """Return values as a person would enter them; those left empty are None."""
        if options or not isinstance(obj, Mapping):
            return super().dump(obj, **options)
        return {
            name: field.written(obj.get(name))
            for name, field in self.dump_fields.items()
            if isinstance(field, BlankField) and (name in obj or field.dump_default is not missing)
        }

    def stray(self, name: str) -> Message:
        """Return what to say about a name the schema does not have."""
        near = get_close_matches(name, self.fields, 1)
        zh, en = (
            (f"是否应为“{near[0]}”？", f"did you mean “{near[0]}”?") if near else ("请删除。", "take it out.")
        )
        return message(f"没有名为“{name}”的填写项，{zh}", f"There is no “{name}”; {en}")

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def refuse_unknown(self, _: object, original: object, **__: Any) -> None:
        """Report every name that is not a field."""
        if isinstance(original, Mapping):
            names = [str(name) for name in original if name not in self.fields]
            _raise({name: [self.stray(name)] for name in names})

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def find_faults(self, data: Mapping[str, Any], original: object, **options: Any) -> None:
        """Report what is wrong with the values as a whole."""
        if isinstance(original, Mapping) and options["partial"] is not True:
            _raise(self.faults(data, original))

    def faults(self, data: Mapping[str, Any], original: Mapping[str, Any]) -> dict[str, Any]:
        """Return the messages about the values as a whole: here, what is missing."""
        return self.missing(self.fields, data, original)

    def missing(
        self, needed: Collection[str], data: Mapping[str, Any], original: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the messages about needed fields that were given nothing; faulty ones have theirs."""
        lacking = set(needed) - data.keys()
        return {
            name: field.absent()
            for name, field in self.fields.items()
            if name in lacking
            and isinstance(field, BlankField)
            and not field.blank.optional
            and is_empty(original.get(name))
        }


def _raise(messages: dict[str, Any]) -> None:
    if messages:
        raise ValidationError(messages)
