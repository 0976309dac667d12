"""Writes PillowFixtures.swift: fifty random GIFs and what Pillow says of them.

    python3 make_fixtures.py > ../../GIFInspectionTests/PillowFixtures.swift      (needs pillow and numpy)

Half are written whole by Pillow. The other half are put together here from frames that Pillow compressed, to have what its
writer never does: frames anywhere on the screen, local tables, every disposal method, transparency that differs by frame.
Delays, size and number of frames are Pillow's answers. Flashes are counted over Pillow's composed frames by a second, plain
implementation of WCAG 2.3.1: it plays the animation over and over and looks at every second of it.
"""
import base64, io, random, struct, sys
import numpy as np
import PIL
from PIL import Image

R = random.Random(20231)


def colour():
    return R.choice([(0, 0, 0), (255, 255, 255), (255, 0, 0), (40, 40, 40), (200, 200, 200), (0, 0, 255),
                     tuple(R.randrange(256) for _ in range(3))])


def scene(w, h, colours):
    image = Image.new("RGB", (w, h), colour())
    for _ in range(R.randrange(1, 5)):
        x, y = R.randrange(w), R.randrange(h)
        image.paste(colour(), (x, y, min(w, x + R.randrange(1, w + 1)), min(h, y + R.randrange(1, h + 1))))
    if R.random() < 0.3:
        noise = np.array(image).astype(int) + np.random.default_rng(R.randrange(1 << 30)).integers(-25, 25, (h, w, 3))
        image = Image.fromarray(noise.clip(0, 255).astype("uint8"))
    return image.quantize(colours)


def delay():
    return R.choice([0, 10, 20, 30, 50, 70, 100, 120, 160, 200, 250, 400])


def by_pillow():
    w, h, n = 4 * R.randrange(1, 11), 4 * R.randrange(1, 11), R.randrange(1, 9)
    frames = [scene(w, h, R.choice([2, 4, 16, 200])) for _ in range(n)]
    out, extra = io.BytesIO(), {}
    if R.random() < 0.7:
        extra["loop"] = R.choice([0, 0, 3])
    if R.random() < 0.5:
        extra["disposal"] = R.choice([0, 1])
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=[delay() for _ in range(n)],
                   interlace=R.randrange(2), **extra)
    return out.getvalue()


def parts(frame, interlace):
    """Colour table (bytes, size exponent) and image data of a frame, out of the file Pillow makes of it."""
    out = io.BytesIO()
    frame.save(out, "GIF", interlace=interlace)
    data = out.getvalue()
    exponent = data[10] & 7
    at = 13 + 3 * (2 << exponent)
    table = data[13:at]
    while data[at] == 0x21:
        at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    assert data[at] == 0x2C and data[-1] == 0x3B
    flags = data[at + 9]
    assert not flags & 0x80
    return table, exponent, bool(flags & 0x40), data[at + 10:-1]


def put_together():
    w, h, n = 4 * R.randrange(2, 11), 4 * R.randrange(2, 11), R.randrange(2, 9)
    out = b"GIF89a"
    table, exponent, _, _ = parts(scene(8, 8, 256), 0)
    shared = R.random() < 0.5
    out += struct.pack("<HHBBB", w, h, 0x80 | exponent if shared else 0, 0, 0) + (table if shared else b"")
    if R.random() < 0.7:
        out += b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", R.choice([0, 2])) + b"\0"
    if R.random() < 0.3:
        out += b"\x21\xfe\x05hello\0"
    for number in range(n):
        full = number == 0 or R.random() < 0.4
        fw, fh = (w, h) if full else (R.randrange(1, w + 1), R.randrange(1, h + 1))
        x, y = (0, 0) if full else (R.randrange(w - fw + 1), R.randrange(h - fh + 1))
        table, exponent, interlaced, data = parts(scene(fw, fh, R.choice([2, 5, 60])), R.randrange(2))
        # Pillow clears to the background colour if nothing is transparent; browsers never do. So every frame has a
        # transparent index here, and the first keeps what it painted, where viewers differ as well. Pillow reads method 0
        # as that of the frame before, browsers as 1.
        method = R.choice([0, 1]) if number == 0 else R.choice([1, 2, 3])
        out += b"\x21\xf9\x04" + struct.pack("<BHBB", method << 2 | 1, delay() // 10, R.randrange(2 << exponent), 0)
        out += b"\x2c" + struct.pack("<HHHHB", x, y, fw, fh, 0x80 | (0x40 if interlaced else 0) | exponent)
        out += table + data
    return out + b";"


# Counting flashes

def linear(rgb):
    c = rgb / 255
    return np.where(c <= 0.03928, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def cells(rgba, page):
    """Mean light of each 4 x 4 pixels in front of the page. Rounded to 12 and then to 8 bits as in the module: else a change of just a
    tenth would be on one side of the threshold here and on the other there."""
    alpha = rgba[..., 3:] / 255
    both = np.concatenate([np.round(linear(rgba[..., :3].astype(float)) * 4095) / 4095 * alpha, alpha], 2)
    h, w, _ = both.shape
    both = np.floor(both.reshape(h // 4, 4, w // 4, 4, 4).mean((1, 3)).reshape(-1, 4) * 255 + 0.5)
    return (both[:, :3] + page * (255 - both[:, 3:])) / 255


def luminance_transitions(series):
    """(time, up?) of each transition of one point."""
    found, low, high, last = [], series[0][1], series[0][1], None
    for time, value in series[1:]:
        low, high = min(low, value), max(high, value)
        if last != 1 and value - low >= 0.1 - 1 / 255 and low < 0.8:
            last, high = 1, value
            found.append((time, 1))
        elif last != 0 and high - value >= 0.1 - 1 / 255 and value < 0.8:
            last, low = 0, value
            found.append((time, 0))
    return found


M = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])


def chroma(c):
    x, y, z = M @ c
    s = x + 15 * y + 3 * z
    return np.array([4 * x / s, 9 * y / s]) if s > 0 else np.array([0.1978, 0.4683])


def red_transitions(series):
    found, red = [], chroma(np.array([1.0, 0, 0]))
    state = [(time, chroma(c), c[0] >= 0.8 * c.sum() and (c[0] - c[1] - c[2]) * 320 > 20) for time, c in series]
    _, extreme, inside = state[0]
    for time, c, saturated in state[1:]:
        if saturated == inside:
            if saturated or np.linalg.norm(c - red) > np.linalg.norm(extreme - red):
                extreme = c
        elif np.linalg.norm(c - extreme) > 0.2:
            extreme, inside = c, saturated
            found.append((time, int(saturated)))
    return found


def worst_second(transitions, starts):
    """Pictures here are smaller than the field: the block is the picture, a quarter of its points is enough."""
    need, worst = -(-len(transitions) // 4), 0
    block, last = [], None
    for time in starts:
        for way in (1, 0):
            if last != way and sum((time, way) in t for t in transitions) >= need:
                last = way
                if not block or block[-1] != time:
                    block.append(time)
    for start in starts:
        within = lambda times: sum(start <= t < start + 100 for t in times) // 2
        counts = sorted((within([t for t, _ in each]) for each in transitions), reverse=True)
        worst = max(worst, counts[need - 1], within(block))
    return worst


def flashes(frames, delays, loops):
    total, times = sum(delays), 1
    if loops:
        times = 2 if total >= 100 else 2 + 200 // total
    starts, shown, now = [], [], 0
    for _ in range(times):
        for frame, time in zip(frames, delays):
            starts.append(now)
            shown.append(frame)
            now += time
    worst = 0
    for page in (0.0, 1.0):
        plays = [cells(frame, page) for frame in shown]
        points = len(plays[0])
        lum = [luminance_transitions([(t, p[i] @ M_LUM) for t, p in zip(starts, plays)]) for i in range(points)]
        red = [red_transitions([(t, p[i]) for t, p in zip(starts, plays)]) for i in range(points)]
        worst = max(worst, worst_second(lum, starts), worst_second(red, starts))
    return worst


M_LUM = np.array([0.2126, 0.7152, 0.0722])


def fixture(data):
    image = Image.open(io.BytesIO(data))
    delays, frames = [], []
    for number in range(image.n_frames):
        image.seek(number)
        frames.append(np.array(image.convert("RGBA")))
        delays.append(image.info.get("duration", 0))
    shown = [10 if d < 20 else d // 10 for d in delays]
    seen = flashes(frames, shown, b"NETSCAPE2.0" in data) if len(frames) > 1 else 0
    return image.size, delays, seen


def main():
    print(f"""// Made by Tests/Fixtures/gif/make_fixtures.py with Pillow {PIL.__version__}; do not edit.

/// A GIF and what Pillow says of it.
struct PillowFixture: Sendable {{
    let width: Int
    let height: Int
    /// Milliseconds of each frame, as written.
    let delays: [Int]
    /// Counted over the frames Pillow composed.
    let flashes: Double
    let base64: String
}}

extension PillowFixture {{
    static let all: [PillowFixture] = [""")
    for number in range(50):
        data = by_pillow() if number % 2 == 0 else put_together()
        (w, h), delays, seen = fixture(data)
        print(f"        PillowFixture(\n            width: {w}, height: {h}, delays: {delays}, flashes: {seen},\n"
              f'            base64: "{base64.b64encode(data).decode()}"),')
    print("    ]\n}")


main()
