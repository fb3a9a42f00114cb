"""Real files of every kind, made by hand, for the tests of the readers."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from itertools import zip_longest

import docx
from docx.document import Document

Placed = tuple[float, float, float, str]  # x, y, size of the letters, text

CONTAINER = """<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"
version="1.0"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>"""
OPF = """<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Harbour Book</dc:title>
<dc:creator>Ann Lee</dc:creator><dc:creator>Bo Ek</dc:creator><dc:date>2024-03-05</dc:date>
<dc:publisher>Pier Press</dc:publisher><dc:language>en-GB</dc:language></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="two" href="text/two.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="text/one%20a.xhtml" media-type="application/xhtml+xml"/>
<item id="cover" href="../../../../etc/passwd" media-type="application/xhtml+xml"/>
<item id="css" href="a.css" media-type="text/css"/></manifest>
<spine><itemref idref="nav"/><itemref idref="cover"/><itemref idref="one"/><itemref idref="two"/>
<itemref idref="css"/></spine></package>"""
CHAPTER = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head>
<title/><style>p {color: red}</style></head><body>%s</body></html>"""
BOOK = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OEBPS/book.opf": OPF,
    "OEBPS/nav.xhtml": CHAPTER % "<nav><ol><li>Contents entry</li></ol></nav><p>Contents</p>",
    "OEBPS/text/two.xhtml": CHAPTER % "<h1>Second</h1><p>The ferry came.</p><ul><li>A</li><li>B</li></ul>",
    "OEBPS/text/one a.xhtml": CHAPTER
    % "<h1>First</h1><div>Built in <b>1931</b>,<br/>by hand.</div><p>It&nbsp;stood.</p>",
}


def pdf(
    pages: Sequence[Sequence[Placed]],
    info: Mapping[str, str] | None = None,
    catalog: str = "",
    page: str = "",
    drawn: Sequence[str] = (),
    further: Sequence[str] = (),
) -> bytes:
    """A PDF in Helvetica; `catalog` and `page` are further entries of those dictionaries.

    `drawn` is what else each page draws. `further` are objects, of which the first has the number 4 + 2 * pages.
    """
    contents = [
        "".join(f"BT /F {s} Tf {x} {y} Td ({_escaped(t)}) Tj ET\n" for x, y, s, t in each) for each in pages
    ]
    contents = [content + more for content, more in zip_longest(contents, drawn, fillvalue="")]
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, content in enumerate(contents):
        resources = "/Resources << /Font << /F 3 0 R >> >> /MediaBox [0 0 595 842]"
        objects.append(f"<< /Type /Page /Parent 2 0 R {resources} /Contents {5 + 2 * i} 0 R {page} >>")
        objects.append(f"<< /Length {len(content.encode('cp1252'))} >>\nstream\n{content}\nendstream")
    objects += further
    objects.append("<< " + " ".join(f"/{k} ({_escaped(v)})" for k, v in (info or {}).items()) + " >>")
    out = b"%PDF-1.7\n"
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>"
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}\nstartxref\n{len(out)}\n%%EOF"
    return out + end.encode()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def prose(lines: Sequence[str], top: float = 700, left: float = 72, size: float = 11) -> list[Placed]:
    """Lines one below the other."""
    return [(left, top - 14 * i, size, line) for i, line in enumerate(lines)]


def zipped(entries: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def rezipped(data: bytes, changed: Mapping[str, str | bytes]) -> bytes:
    """A zip file with some entries changed or added."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return zipped({**{name: archive.read(name) for name in archive.namelist()}, **changed})


def word(build: Callable[[Document], object]) -> bytes:
    """A DOCX that `build` has filled."""
    document = docx.Document()
    build(document)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()
