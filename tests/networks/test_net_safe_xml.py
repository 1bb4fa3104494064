"""XML that attacks its reader, breaks off, or is something else."""

from __future__ import annotations

import bz2
import gzip
from pathlib import Path

import pytest

from networks import BadInput, read_signal_plans
from networks.errors import BadCity, BadMap
from networks.roads.net_file import read_net
from networks.safe_xml import check_xml, read_xml, xml_in

LAUGHS = '<?xml version="1.0"?>\n<!DOCTYPE net [\n <!ENTITY a "ha">\n' + "".join(
    f' <!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">\n' for i in range(9)
)
BOMB = LAUGHS + "]>\n<net>&j;</net>"
OUTSIDE = '<!DOCTYPE net [<!ENTITY x SYSTEM "file:///etc/hostname">]><net>&x;</net>'
PARAMETER = '<!DOCTYPE net [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]><net/>'
BLOWN_UP = '<!DOCTYPE net [<!ENTITY a "' + "a" * 50_000 + '">]><net>' + "&a;" * 50_000 + "</net>"


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, PARAMETER, BLOWN_UP, "<!DOCTYPE net><net/>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declared_entities_are_refused_by_every_reader(tmp_path: Path, text: str, encoding: str) -> None:
    file = tmp_path / "roads.net.xml"
    file.write_bytes(text.encode(encoding))
    for read in (check_xml, read_xml, read_net, read_signal_plans):
        with pytest.raises(BadInput, match="declares a document type"):
            read(file)


def test_packed_files_are_looked_into(tmp_path: Path) -> None:
    for name, packed in (("a.net.xml.gz", gzip.compress), ("a.net.xml.bz2", bz2.compress)):
        (tmp_path / name).write_bytes(packed(BOMB.encode()))
        with pytest.raises(BadMap, match="declares"):
            check_xml(tmp_path / name, wrong=BadMap)
        (tmp_path / name).write_bytes(packed(b"<net><edge/></net>"))
        assert check_xml(tmp_path / name, roots=("net",)) == "net"
        assert len(read_xml(tmp_path / name)) == 1


@pytest.mark.parametrize("content", [b"", b"   ", b"PK\x03\x04", b"hello", b"<net", b"\xff\xfe\xff", b"<?xml?><net/>"])
def test_what_is_no_xml(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "roads.net.xml"
    file.write_bytes(content)
    with pytest.raises(BadCity) as caught:
        check_xml(file, roots=("net",), wrong=BadCity)
    assert caught.value.file == str(file)
    (tmp_path / "a.net.xml.gz").write_bytes(content)
    with pytest.raises(BadCity):
        check_xml(tmp_path / "a.net.xml.gz", wrong=BadCity)


def test_another_element_or_none_there_or_a_broken_end(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        check_xml(tmp_path / "none.xml")
    file = tmp_path / "x.xml"
    file.write_text("<routes/>", encoding="utf-8")
    with pytest.raises(BadInput, match="<routes>") as caught:
        check_xml(file, roots=("net", "additional"))
    assert caught.value.expected == "an XML file that begins with <additional> or <net>"
    file.write_text("<net><edge>", encoding="utf-8")
    assert check_xml(file) == "net"
    with pytest.raises(BadInput, match="whole XML"):
        read_xml(file)


def test_an_endless_prolog_is_given_up(tmp_path: Path) -> None:
    file = tmp_path / "x.xml"
    file.write_text("<!-- " + "x" * 3_000_000 + " --><net/>", encoding="utf-8")
    with pytest.raises(BadInput, match="no element"):
        check_xml(file)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "gb18030", "gbk", "gb2312", "big5", "GB2312", "iso-8859-1", ""]
)
def test_encodings_that_are_declared(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>' if encoding else ""
    text = "caf\u00e9" if encoding.startswith("iso") else "\u4e2d\u6587"
    payload = f"{declared}<net>{text}</net>".encode(encoding or "utf-8")
    assert xml_in(payload, name="x").text == text
    with pytest.raises(BadInput, match="declares"):
        xml_in(f"{declared}<!DOCTYPE net [<!ENTITY a 'b'>]><net>&a;</net>".encode(encoding or "utf-8"), name="x")


def test_wrong_encodings_and_limits() -> None:
    for payload in (
        '<?xml version="1.0" encoding="utf-8"?><net>\u4e2d\u6587</net>'.encode("gbk"),
        b'<?xml version="1.0" encoding="gb18030"?><net>\xff\xff</net>',
        b'<?xml version="1.0" encoding="no-such"?><net/>',
        b'<?xml version="1.0" encoding="rot13"?><net/>',
    ):
        with pytest.raises(BadInput, match="cannot be read as XML"):
            xml_in(payload, name="x")
    assert len(xml_in(b"<a><b/><b/></a>", name="x", most_elements=3, deepest=2)) == 2
    with pytest.raises(BadInput, match="too many elements"):
        xml_in(b"<a><b/><b/></a>", name="x", most_elements=2)
    with pytest.raises(BadInput, match="nested too deeply"):
        xml_in(b"<a><b><c/></b></a>", name="x", deepest=2)
