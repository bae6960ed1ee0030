"""Cutting multipart bodies: what clients send, and what no one should."""

import aiohttp
import pytest
from aiohttp.multipart import MultipartWriter
from hypothesis import given
from hypothesis import strategies as st

from deploy.sandbox.http.multipart import FormPart, MultipartError, parts

BODY = (
    b'--xyz\r\nContent-Disposition: form-data; name="payload_json"\r\n\r\n{"content": "hi"}\r\n'
    b'--xyz\r\ncontent-disposition: form-data; name="files[0]"; filename="a \\"b\\".png"\r\ncontent-type: image/png\r\n'
    b"\r\n\r\n--xy\r\n\r\n"
    b"--xyz--\r\n"
)


def test_parts_in_their_order() -> None:
    assert list(parts(BODY, "multipart/form-data; boundary=xyz")) == [
        FormPart("payload_json", None, None, b'{"content": "hi"}'),
        FormPart("files[0]", 'a "b".png', "image/png", b"\r\n--xy\r\n"),
    ]


def test_names_beyond_ascii() -> None:
    head = "Content-Disposition: form-data; name=f; filename*=UTF-8''%C3%A4.png"
    [part] = parts(f"--b\r\n{head}\r\n\r\nx\r\n--b--".encode(), 'multipart/form-data; boundary="b"')
    assert (part.name, part.filename) == ("f", "ä.png")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (BODY, "multipart/form-data"), (b"", "multipart/form-data; boundary=xyz"),
        (BODY.replace(b"--xyz--", b""), "multipart/form-data; boundary=xyz"),
        (b"--xyz\r\nno body\r\n--xyz--", "multipart/form-data; boundary=xyz"),
    ],
)  # fmt: skip
def test_what_is_no_multipart_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises(MultipartError):
        list(parts(body, kind))


@given(st.lists(st.tuples(st.text("abc äöü'().-_", min_size=1), st.binary(max_size=200)), min_size=1, max_size=4))
async def test_what_aiohttp_writes_is_read(sent: list[tuple[str, bytes]]) -> None:
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)  # as discord.py does
    for number, (filename, content) in enumerate(sent):
        form.add_field(f"files[{number}]", content, filename=filename, content_type="image/png")
    writer = form()
    assert isinstance(writer, MultipartWriter)
    raw = await writer.as_bytes()
    found = list(parts(raw, writer.content_type))
    assert [(each.name, each.content) for each in found] == [
        (f"files[{number}]", content) for number, (_, content) in enumerate(sent)
    ]
    assert [each.filename for each in found] == [filename for filename, _ in sent]
