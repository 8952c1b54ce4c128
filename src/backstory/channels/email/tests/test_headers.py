"""Header fields as they come: encoded words, addresses, parameters and unlabelled bytes in all their broken forms."""

import pytest

from backstory.channels.email.charsets import decode
from backstory.channels.email.parse import parse_bytes
from backstory.channels.email.tests.letters import MIXED, read


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?UTF-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?Q?Hello World?=", "Hello World"),
        (b"=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?B?R3LDvMOfZQ", "Grüße"),
        (b"=?utf-8?B?R3LDvMOfZQ?", "Grüße"),
        (b"=?utf-8?Q?Gr=C3=BC=C3=9Fe", "Grüße"),
        (b"=?utf-8?B?R3LDvMOf\r\n ZQ==?=", "Grüße"),
        (b"=?utf-8?B?R3LDvMOfZQ=?= x", "Grüße x"),
        (b"=?utf-8?Q?Gr=C3=BC=C3=9Fe?==?utf-8?Q?_gut?=", "Grüße gut"),
        (b"=??Q?Gr=C3=BC?=", "Grü"),
        (b"=?x-unknown?B?R3LDvMOfZQ==?=", "Grüße"),
        (b"=?iso-8859-1?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?Q?=3D=3Futf-8=3FQ=3FGr=3DC3=3DBC=3F=3D?=", "Grü"),
        (b"=?gb2312?B?xOO6ww==?=", "你好"),
        (b"=?utf-8?Q?a?b?=", "a?b"),
        (b"=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("こんにちは".encode("iso2022_jp"), "こんにちは"),
    ],
)
def test_encoded_words_are_decoded_however_broken(raw: bytes, subject: str) -> None:
    assert parse_bytes(b"From: m@c.example\r\nSubject: " + raw + b"\r\n\r\nx").subject == subject


UNLABELLED = [
    *(
        ("gb18030", "你好世界"),
        ("gb18030", "我要退款，已经等了两周了"),
        ("big5", "你好嗎世界"),
        ("big5", "我要退款，已經等了兩週"),
    ),
    *(("shift_jis", "日本語テスト"), ("euc_jp", "お世話になっております。"), ("iso2022_jp", "商品が届きません。")),
    *(("euc_kr", "환불해 주세요. 아직 도착하지 않았습니다."), ("cp1251", "Здравствуйте, посылка не пришла")),
    *(("koi8_r", "Привет мир"), ("cp1253", "Καλημέρα σας, το δέμα δεν ήρθε"), ("cp1255", "החבילה לא הגיעה")),
    *(("cp1256", "لم يصل الطرد"), ("iso8859_2", "Zażółć gęślą jaźń"), ("cp1252", "Größere Äpfel und Äste")),
    *(("cp1252", "naïve café déjà"), ("cp1252", "¡Qué más! Añado: mañana"), ("cp1252", "Æblegrød på øen")),
    *(("cp1252", "l’été – “mots” €5"), ("cp1252", "Não, obrigado. Açúcar e pão"), ("utf-16", "Hello there")),
]


@pytest.mark.parametrize(("charset", "text"), UNLABELLED)
def test_bytes_without_a_charset_are_read_by_their_letters(charset: str, text: str) -> None:
    assert decode(text.encode(charset))[0].removeprefix("\ufeff") == text


def test_iso_2022_jp_under_another_label_is_read() -> None:
    parsed = read("商品が届きません。".encode("iso2022_jp"), more=b"Content-Type: text/plain; charset=us-ascii\r\n")
    assert parsed.text == "商品が届きません。"


def test_gbk_under_a_western_label_is_read() -> None:
    parsed = read("我要退款，已经等了两周了".encode("gbk"), more=b"Content-Type: text/plain; charset=iso-8859-1\r\n")
    assert parsed.text == "我要退款，已经等了两周了"


@pytest.mark.parametrize(
    ("raw", "people"),
    [
        (b"Maya Lind <maya@c.example", [("Maya Lind", "maya@c.example")]),
        (b"Maya maya@c.example", [("Maya", "maya@c.example")]),
        (b"maya@c.example (Maya Lind)", [("Maya Lind", "maya@c.example")]),
        (b"Lind, Maya <maya@c.example>", [("Lind, Maya", "maya@c.example")]),
        (
            b"Fr: Maya <m@c.example>, t@c.example;, z@c.example",
            [("Maya", "m@c.example"), ("", "t@c.example"), ("", "z@c.example")],
        ),
        (b"undisclosed-recipients:;", []),
        (b"<<maya@c.example>>", [("", "maya@c.example")]),
        (b"maya@c.example; tom@c.example", [("", "maya@c.example"), ("", "tom@c.example")]),
        (b"'maya@c.example' <maya@c.example>", [("", "maya@c.example")]),
        (b"Maya <mailto:maya@c.example>", [("Maya", "maya@c.example")]),
        (b"Maya [maya@c.example]", [("Maya", "maya@c.example")]),
        (b"=?utf-8?Q?Maya_=3Cmaya=40c.example=3E?=", [("Maya", "maya@c.example")]),
        (b"@route.example:maya@c.example", [("", "maya@c.example")]),
        (b"m\xc3\xa4ya@b\xc3\xbccher.example", [("", "mäya@bücher.example")]),
        (b"Maya <maya@c.example> Tom <tom@c.example>", [("Maya", "maya@c.example"), ("Tom", "tom@c.example")]),
        (b'"Maya \\"M\\" Lind" <maya@c.example>', [('Maya "M" Lind', "maya@c.example")]),
    ],
)
def test_addresses_are_read_however_malformed(raw: bytes, people: list[tuple[str, str]]) -> None:
    parsed = parse_bytes(b"From: a@b.example\r\nTo: " + raw + b"\r\n\r\nx")
    assert [(one.name, one.email) for one in parsed.to] == people


@pytest.mark.parametrize(
    ("parameter", "name"),
    [
        (b"filename*=utf-8''Gr%C3%BC%C3%9Fe.pdf", "Grüße.pdf"),
        (b"filename*=Gr%C3%BC.pdf", "Grü.pdf"),
        (b"filename*=utf-8''\"Gr%C3%BC.pdf\"", "Grü.pdf"),
        (b"filename*1*=%BC.pdf; filename*0*=utf-8''Gr%C3", "Grü.pdf"),
        (b"filename*0*=iso-8859-1''Gr%FC; filename*1=.pdf", "Grü.pdf"),
        (b"filename*=utf-8'de'Gr%C3%BC.pdf; filename=Gru.pdf", "Grü.pdf"),
        (b'filename*0="=?utf-8?Q?Gr=C3"; filename*1="=BC.pdf?="', "Grü.pdf"),
        (b'filename*2="c.pdf"; filename*0="a"', "ac.pdf"),
        (b"filename==?utf-8?Q?Gr=C3=BC.pdf?=", "Grü.pdf"),
        (b"filename=foo bar.pdf", "foo bar.pdf"),
        (b'filename="foo.pdf', "foo.pdf"),
        (b'filename="a;b.pdf"', "a;b.pdf"),
        ('filename="你好.pdf"'.encode("gbk"), "你好.pdf"),
    ],
)
def test_file_names_are_decoded_however_broken(parameter: bytes, name: str) -> None:
    part = (
        b"--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; "
        + parameter
        + b"\r\n\r\nabc\r\n--x--"
    )
    assert [one.name for one in read(part, more=MIXED).attachments] == [name]
