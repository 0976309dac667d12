"""What is compressed in groups 12 and 13: five kinds of content as Autobahn has them, made here, the same in every run.

Autobahn ships a JSON file, a photograph, Faust I, a page of HTML and a PDF. These have their sizes and how well they
compress, about 1 : 4, 1 : 1.3, 1 : 3, 1 : 5 and not at all.
"""

import json
import random
import struct
from functools import cache

WORDS = (
    "ach habe nun Philosophie Juristerei und Medizin leider auch Theologie durchaus studiert mit heißem Bemühn da steh ich "
    "armer Tor bin so klug als wie zuvor heiße Magister Doktor gar ziehe schon an die zehen Jahr herauf herab quer krumm "
    "meine Schüler der Nase herum sehe daß wir nichts wissen können das will mir schier Herz verbrennen zwar gescheiter alle "
    "Laffen Doktoren Schreiber Pfaffen mich plagen keine Skrupel noch Zweifel fürchte weder vor Hölle Teufel dafür ist "
    "Freud entrissen bilde nicht ein was Rechts zu lehren Menschen bessern bekehren").split()


def _sentence(dice: random.Random) -> str:
    return " ".join(dice.choices(WORDS, k=dice.randint(4, 14))).capitalize() + dice.choice(".!?:;") + "\n"


@cache
def json_text() -> str:
    dice = random.Random(1)
    people = [
        {
            "id": index, "guid": f"{dice.getrandbits(64):016x}", "isActive": dice.random() < 0.5, "name": " ".join(dice.choices(WORDS, k=2)),
            "latitude": round(dice.uniform(-90, 90), 6), "tags": dice.choices(WORDS, k=5), "about": _sentence(dice) * 2,
        }
        for index in range(550)
    ]
    return json.dumps(people, ensure_ascii=False, indent=2)[:194_056]


@cache
def picture() -> bytes:
    """A bitmap of 512 × 512 greys: soft shapes with noise."""
    dice = random.Random(2)
    palette = b"".join(bytes([grey, grey, grey, 0]) for grey in range(256))
    header = b"BM" + struct.pack("<IIIIiiHHIIIIII", 263_222, 0, 1078, 40, 512, 512, 1, 8, 0, 262_144, 0, 0, 256, 0)
    pixels = bytes(
        (x * y // 2048 + (x ^ y) // 8 + dice.getrandbits(4)) & 0xFF for y in range(512) for x in range(512))
    return header + palette + pixels


@cache
def verse() -> bytes:
    dice = random.Random(3)
    return "".join(_sentence(dice) for _ in range(6000)).encode()[:222_218]


@cache
def html_text() -> str:
    dice = random.Random(4)
    rows = "".join(
        f'<tr class="row" id="r{index}"><td><a href="/thing/{index}?q={dice.choice(WORDS)}">{dice.choice(WORDS)}</a></td>'
        f"<td>{_sentence(dice).strip()}</td></tr>\n"
        for index in range(4000))
    return f"<!DOCTYPE html>\n<html><head><title>Faust</title></head><body><table>\n{rows}"[:263_647]


@cache
def document() -> bytes:
    """What a PDF is: short headings between streams that are compressed already."""
    dice = random.Random(5)
    parts = (
        b"%d 0 obj\n<< /Length 8192 /Filter /FlateDecode >>\nstream\n%s\nendstream\nendobj\n" % (index, dice.randbytes(8192))
        for index in range(130))
    return (b"%PDF-1.4\n" + b"".join(parts))[:1_042_328]


# Autobahn's order. A `str` is sent as text and counted in characters, `bytes` as binary.
SAMPLES = [json_text, picture, verse, html_text, document]
