"""The forms of a company's fields: code, phone, e-mail and account number."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from marshmallow import ValidationError
from marshmallow.validate import Email

from clausebank.wording.identifiers import has_code_form, is_credit_code
from schemas.problems import refused

USUAL_PHONE = re.compile(r"1[3-9][0-9]{9}|0(?:10|2[0-9])-?[0-9]{8}|0[3-9][0-9]{2}-?[0-9]{7,8}")
SHORT_NUMBER = re.compile(r"[0-9]{3,8}")
ACCOUNT = re.compile(r"[0-9A-Za-z][0-9A-Za-z -]{4,39}")


def credit_code(text: str) -> str:
    """Return a 统一社会信用代码 in capitals; its check digit must fit (GB 32100-2015)."""
    code = text.replace(" ", "").upper()
    if not has_code_form(code):
        raise refused(
            "请写18位统一社会信用代码：数字和大写字母，不含 I、O、S、V、Z。",
            "Enter the unified social credit code: 18 digits and capitals without I, O, S, V, Z.",
        )
    if not is_credit_code(code):
        raise refused(
            "统一社会信用代码的校验位不符，请对照营业执照核对。",
            "The check digit does not fit: compare the code with the business licence.",
        )
    return code


def phone(text: str) -> str:
    """Return a phone number as typed; mobile, landline, 400 and short service numbers pass."""
    if not (USUAL_PHONE.fullmatch(text) or SHORT_NUMBER.fullmatch(text) or is_possible(text)):
        raise refused(
            "请写手机号码或者带区号的座机，如“021-50001234”，分机写作“转801”。",
            "Enter a mobile or landline number with area code such as “021-50001234”; an extension as “转801”.",
        )
    return text


def is_possible(text: str) -> bool:
    """Tell whether a number may be one, by the numbering plans of the world; those take long to load."""
    import phonenumbers

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text.replace("转", " ext. "), "CN"))
    except phonenumbers.NumberParseException:
        return False


def email(text: str) -> str:
    """Return an e-mail address as typed."""
    try:
        Email()(text)
    except ValidationError as error:
        raise refused(
            "请写电子邮箱地址，如“legal@example.com”。",
            "Enter an e-mail address such as “legal@example.com”.",
        ) from error
    return text


def account(text: str) -> str:
    """Return a bank account number as typed."""
    if not ACCOUNT.fullmatch(text):
        raise refused(
            "请写银行账号：半角数字，可以有字母、空格和短横，5至40位。",
            "Enter the account number: digits, also letters, blanks and hyphens, 5 to 40 characters.",
        )
    return text


FORMS: Mapping[str, Callable[[str], str]] = {
    "uscc": credit_code,
    "phone": phone,
    "email": email,
    "account": account,
}
