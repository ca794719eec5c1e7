"""LibreOffice as the other maker of PDF: real conversions, and what must not happen in them."""

import io
import os
import re
import shutil
import socket
import tempfile
import threading
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from clausebank.embedded import read_manifest
from clausebank.manifest import Manifest
from clausebank.render.docx import render_docx
from clausebank.render.office import OfficeError, office_pdf, without_links
from tests.render.documents import plain_document
from tests.render.office import needs_office
from tests.render.pdf_reading import pages, run, squeezed
from tests.render.test_docx import SHELL

MANIFEST = Manifest("sample", "t", "v", "s", (), {}, draft=False)


def word() -> bytes:
    return render_docx(plain_document(), SHELL)


def with_picture_from(address: str) -> bytes:
    """A contract with a picture that lies at an address, as a hostile shell might hold one."""
    link = (
        f'<Relationship Id="rIdOut" TargetMode="External" Target="{address}" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/></Relationships>'
    )
    drawing, main = (
        f"http://schemas.openxmlformats.org/{name}/2006" for name in ("drawingml", "officeDocument")
    )
    picture = (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{drawing}/wordprocessingDrawing"><wp:extent cx="900000" '
        f'cy="900000"/><wp:docPr id="1" name="p"/><a:graphic xmlns:a="{drawing}/main">'
        f'<a:graphicData uri="{drawing}/picture"><pic:pic xmlns:pic="{drawing}/picture"><pic:nvPicPr>'
        '<pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip xmlns:r="{main}/relationships" r:link="rIdOut"/><a:stretch><a:fillRect/></a:stretch>'
        '</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            if name == "word/_rels/document.xml.rels":
                content = content.replace("</Relationships>", link)
            if name == "word/document.xml":
                content = content.replace("<w:body>", f"<w:body>{picture}", 1)
            new.writestr(name, content)
    return out.getvalue()


class Listener:
    """Listens on the loopback and counts who calls."""

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.settimeout(0.1)
        self.calls, self.open = 0, True
        self.thread = threading.Thread(target=self._listen)
        self.thread.start()
        return self

    def _listen(self) -> None:
        while self.open:
            try:
                caller, _ = self.socket.accept()
            except TimeoutError:
                continue
            self.calls += 1
            caller.close()

    def __exit__(self, *_):
        self.open = False
        self.thread.join()
        self.socket.close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/picture.png"


def processes_of(folder: Path) -> list[str]:
    """The command lines of running processes that name a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (process / "cmdline").read_bytes().decode(errors="replace")
            found += [command] if str(folder) in command else []
    return found


@needs_office
def test_it_makes_a_tagged_pdf_with_the_text_and_the_manifest_the_same_twice(tmp_path):
    made = office_pdf(word(), manifest=MANIFEST.to_json())
    path = tmp_path / "made.pdf"
    path.write_bytes(made)
    assert "（以下无正文）" in squeezed("".join(pages(path)))
    assert re.search(r"Tagged:\s+yes", run("pdfinfo", path))
    assert read_manifest(made) == MANIFEST
    time.sleep(1)
    assert office_pdf(word(), manifest=MANIFEST.to_json()) == made


@needs_office
def test_nothing_outside_the_file_is_fetched():
    with Listener() as listener:
        office_pdf(with_picture_from(listener.address))
    assert listener.calls == 0


@needs_office
def test_libreoffice_itself_would_have_called(tmp_path):
    """The listener hears what it should: without our precaution the picture is fetched."""
    from tests.render.office import to_pdf

    with Listener() as listener:
        to_pdf(tmp_path, hostile=with_picture_from(listener.address))
    assert listener.calls > 0


def test_links_to_click_on_stay_and_all_else_outside_goes():
    rels = "word/_rels/document.xml.rels"
    hostile = with_picture_from("http://127.0.0.1:9/x")
    with zipfile.ZipFile(io.BytesIO(without_links(hostile))) as made:
        assert b"External" not in made.read(rels)
    with zipfile.ZipFile(io.BytesIO(hostile)) as old:
        link = old.read(rels).replace(b"relationships/image", b"relationships/hyperlink")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        new.writestr(rels, link)
    with zipfile.ZipFile(io.BytesIO(without_links(out.getvalue()))) as made:
        assert b"External" in made.read(rels)


@needs_office
def test_at_the_time_limit_the_whole_process_group_ends(tmp_path, tmp_path_factory, monkeypatch):
    """LibreOffice runs below a starter that never ends, however quick the machine is."""
    starter = tmp_path_factory.mktemp("bin") / "soffice"
    starter.write_text(f'#!/bin/sh\n"{shutil.which("soffice")}" "$@" &\nsleep 600\n', "utf-8")
    starter.chmod(0o755)
    monkeypatch.setenv("PATH", f"{starter.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: list[str] = []
    watch = threading.Timer(0.5, lambda: seen.extend(processes_of(tmp_path)))
    watch.start()
    with pytest.raises(OfficeError, match="finish within"):
        office_pdf(word(), seconds=1.5)
    watch.join()
    time.sleep(0.3)
    assert len(seen) > 1  # the starter and LibreOffice itself
    assert processes_of(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@needs_office
def test_a_file_libreoffice_cannot_read_is_refused_although_it_exits_well():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as broken:
        broken.writestr("word/document.xml", "<no")
    with pytest.raises(OfficeError, match="no PDF"):
        office_pdf(out.getvalue())


def test_without_libreoffice_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("soffice") is None
    with pytest.raises(OfficeError) as refused:
        office_pdf(b"")
    assert "libreoffice-writer-nogui" in refused.value.zh
    assert "libreoffice-writer-nogui" in refused.value.en
