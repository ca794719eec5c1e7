"""Answers schemas, generated from the blanks of the bank; imports clausebank only."""

from schemas.answers import AnswersSchema, answers_schema
from schemas.examples import example_answers

__all__ = ["AnswersSchema", "answers_schema", "example_answers"]
