"""Writes PythonFixtures.swift: messages compressed by Python's zlib."""
import zlib, random
r = random.Random(7692)
TAIL = b"\0\0\xff\xff"
def text(n):
    w = ["roost","room","hello","ping","{\"k\":1}","ü","\n"]
    return " ".join(r.choice(w) for _ in range(n)).encode()
out = []
def add(comment, keeps, messages, plain): out.append((comment, keeps, messages, plain))
strategies = dict(default=zlib.Z_DEFAULT_STRATEGY, filtered=zlib.Z_FILTERED, huffman=zlib.Z_HUFFMAN_ONLY, rle=zlib.Z_RLE, fixed=zlib.Z_FIXED)
for level in (0, 1, 9):
    for name, s in strategies.items():
        for bits in (9, 15):
            p = text(40)
            c = zlib.compressobj(level, zlib.DEFLATED, -bits, 8, s)
            d = c.compress(p) + c.flush(zlib.Z_SYNC_FLUSH)
            assert d.endswith(TAIL)
            add(f"level {level}, {name}, {bits} bits", False, [d[:-4]], [p])
# context takeover
c = zlib.compressobj(6, zlib.DEFLATED, -15); ms=[]; ps=[]
for i in range(6):
    p = text(25); d = c.compress(p)+c.flush(zlib.Z_SYNC_FLUSH); ms.append(d[:-4]); ps.append(p)
add("six messages that refer to each other", True, ms, ps)
# Z_FINISH + empty stored block (7.2.3.4)
p = text(30); c = zlib.compressobj(6, zlib.DEFLATED, -15); d = c.compress(p)+c.flush()
add("BFINAL, empty block behind", False, [d+b"\0"], [p])
add("BFINAL, nothing behind", False, [d], [p])
# many flushes, partial ones too
c = zlib.compressobj(6, zlib.DEFLATED, -15); d=b""; p=b""
for i,m in enumerate([zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH, zlib.Z_PARTIAL_FLUSH, zlib.Z_BLOCK]*2):
    t = text(6); p += t; d += c.compress(t)+c.flush(m)
d += c.flush(zlib.Z_SYNC_FLUSH)
add("many flushes", False, [d[:-4]] if d.endswith(TAIL) else [d+b"\0"], [p])
L = ["/// Messages that Python's zlib has compressed, written by `Tests/MessageDeflateTests/fixtures.py`.",
"struct PythonFixture {", "    /// How they were made.", "    let comment: String", "    /// Whether the messages refer to each other.", "    let keepsContext: Bool",
"    let messages: [[UInt8]]", "    let expected: [[UInt8]]", "",
"    private init(_ comment: String, keepsContext: Bool = false, _ messages: [(compressed: String, plain: String)]) {",
"        self.comment = comment", "        self.keepsContext = keepsContext",
"        self.messages = messages.map { bytes($0.compressed) }", "        expected = messages.map { bytes($0.plain) }", "    }", "",
"    static let all = ["]
def hexlit(b):
    h = b.hex(); parts = [h[i:i+110] for i in range(0, len(h), 110)]
    return ['"""'] + [p + (" \\" if i < len(parts)-1 else "") for i,p in enumerate(parts)] + ['"""']
for comment, keeps, ms, ps in out:
    L.append(f'        PythonFixture("{comment}"' + (", keepsContext: true" if keeps else "") + ", [")
    for m,p in zip(ms,ps):
        L.append("            (")
        for k,(b) in enumerate((m,p)):
            hl = hexlit(b)
            for j,x in enumerate(hl):
                L.append("                "+x+("," if j==len(hl)-1 and k==0 else ""))
        L.append("            ),")
    L.append("        ]),")
L += ["    ]", "}"]
import sys; open(sys.argv[1],"w").write("\n".join(L)+"\n")
