"""Small GIFs, written by hand so that a test can have any flaw in them, and the forms they are uploaded with."""

import struct


def gif(color="cc3366", frames=1, width=2, height=2, delay=10, padding=0):
    """A whole GIF89a of one colour; a second frame has another. `delay` is in hundredths of a second.

    `padding` bytes of comment make it as large as a test wants it.
    """
    parts = [b"GIF89a", struct.pack("<HHBBB", width, height, 0x80, 0, 0), bytes.fromhex(color), bytes.fromhex("336699")]
    if padding:
        parts += [b"\x21\xfe", _blocks(b"." * padding)]
    for frame in range(frames):
        if frames > 1:
            parts.append(b"\x21\xf9\x04\x00" + struct.pack("<H", delay) + b"\x00\x00")
        parts += [b"\x2c", struct.pack("<HHHHB", 0, 0, width, height, 0), b"\x02", _blocks(_pixels(frame % 2, width * height))]
    return b"".join([*parts, b"\x3b"])


def _pixels(index, count):
    """LZW codes of three bits: a code that clears the table comes before it would need longer ones."""
    clear, end = 4, 5
    codes = []
    for start in range(0, count, 2):
        codes += [clear] + [index] * min(2, count - start)
    bits, length, out = 0, 0, bytearray()
    for code in [*codes, end]:
        bits |= code << length
        length += 3
        while length >= 8:
            out.append(bits & 255)
            bits, length = bits >> 8, length - 8
    return bytes(out + bytes([bits])) if length else bytes(out)


def _blocks(data):
    pieces = [data[at:at + 255] for at in range(0, len(data), 255)]
    return b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\x00"


BOUNDARY = "-----------------------------roost"


def form(end="--\r\n", **fields):
    """The headers and body of a form; bytes are sent as a file."""
    body = b""
    for name, value in fields.items():
        if isinstance(value, bytes):
            head = f'Content-Disposition: form-data; name="{name}"; filename="a.gif"\r\nContent-Type: image/gif'
        else:
            head, value = f'Content-Disposition: form-data; name="{name}"', value.encode()
        body += f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + value + b"\r\n"
    return {"headers": {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}, "body": body + f"--{BOUNDARY}{end}".encode()}


def image(data):
    """The headers and body of a file that is sent as it is."""
    return {"headers": {"Content-Type": "image/gif"}, "body": data}
