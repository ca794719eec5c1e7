"""A browser without scripts: reads the form of a page and sends it as a browser would."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import encode_multipart

KIND = "crm-outsourcing"
NEW = f"/contracts/new/{KIND}"


class Page:
    """A page with its form, the values of which can be changed and sent."""

    def __init__(self, client: FlaskClient, response) -> None:
        self.client, self.response = client, response
        self.status = response.status_code
        # What a template holds would be neither selected nor read.
        self.soup = BeautifulSoup(re.sub("<(/?)template>", r"<\1div>", response.text), "lxml")
        self.form = self.soup.select_one("#contract-form")
        self.values = dict(fields(self.form)) if self.form else {}

    def press(self, name: str, value: str = "1", **changes) -> Page:
        """Send the form by one of its buttons, with some fields changed."""
        assert self.form.select_one(f'button[name="{name}"]') or name == "_language"
        action = self.form["action"]
        return Page(self.client, send(self.client, action, {**self.values, **changes, name: value}))

    def preview(self, **changes) -> Page:
        """Send the form as the script does while a person types."""
        url = self.form["hx-post"]
        return Page(self.client, send(self.client, url, {**self.values, **changes}))

    def text(self, selector: str) -> str:
        """Return the text of the first element found."""
        return self.soup.select_one(selector).get_text(" ", strip=True)

    def error(self, name: str) -> str:
        """Return the message at a field."""
        return self.soup.find(attrs={"data-error": name}).get_text(strip=True)

    def hidden(self, question: str) -> bool:
        """Tell whether a question is out of sight."""
        return self.soup.find(attrs={"data-question": question}).has_attr("hidden")


def send(client: FlaskClient, url: str, values: dict):
    """Send fields as a form with files is sent, without the temporary files of the test client."""
    boundary, body = encode_multipart(values)
    return client.post(url, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def fields(form):
    """Yield name and value of every field that a browser would send."""
    for control in form.select("input[name], select[name], textarea[name]"):
        match control.name, control.get("type"):
            case "input", "checkbox" | "radio":
                if control.has_attr("checked"):
                    yield control["name"], control.get("value", "on")
            case "input", "file":
                pass
            case "input", _:
                yield control["name"], control.get("value", "")
            case "select", _:
                options = control.select("option")
                chosen = next((o for o in options if o.has_attr("selected")), options[0])
                yield control["name"], chosen["value"]
            case _:
                yield control["name"], control.get_text().removeprefix("\n")


def open_page(client: FlaskClient, path: str = NEW) -> Page:
    """Open a page."""
    return Page(client, client.get(path))
