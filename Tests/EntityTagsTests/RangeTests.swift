import EntityTags
import Foundation
import Testing

/// The same numbers every time (SplitMix64).
private struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

@Suite("Parts of a file (RFC 9110 §14)")
struct RangeTests {
    @Test(
        "one part, as §14.1.2 counts",
        arguments: [
            ("bytes=0-499", 0..<500), ("bytes=500-999", 500..<1000), ("bytes=-500", 9500..<10000), ("bytes=9500-", 9500..<10000),
            ("bytes=0-0", 0..<1), ("bytes=-1", 9999..<10000), ("bytes=0-", 0..<10000), ("bytes=9999-9999", 9999..<10000),
            ("bytes=9000-20000", 9000..<10000), ("bytes=-20000", 0..<10000), ("bytes=0-99999999999999999999", 0..<10000),
            ("bytes=-99999999999999999999", 0..<10000), ("Bytes=1-2", 1..<3), ("bytes= 1-2", 1..<3), ("bytes=,1-2 ,\t,", 1..<3),
            (" bytes=1-2 ", 1..<3),
            ("bytes=007-008", 7..<9), ("bytes=5-6,20000-30000", 5..<7), ("bytes=10000-,-1", 9999..<10000),
        ])
    func onePart(_ value: String, _ part: Range<Int>) {
        #expect(ByteRanges([value], size: 10000) == .part(part))
    }

    @Test("some parts, in the order they were asked for")
    func parts() {
        #expect(ByteRanges(["bytes=0-0,-1"], size: 10000) == .parts([0..<1, 9999..<10000]))
        #expect(ByteRanges(["bytes=500-600, 0-99,601-999"], size: 10000) == .parts([500..<601, 0..<100, 601..<1000]))
        #expect(ByteRanges(["bytes=1-1,3-3,5-5,7-7,9-9"], size: 10) == .parts([1..<2, 3..<4, 5..<6, 7..<8, 9..<10]))
    }

    @Test(
        "nothing of it is there",
        arguments: ["bytes=10000-", "bytes=10000-10001", "bytes=-0", "bytes=20000-30000,-0", "bytes=99999999999999999999-"])
    func unsatisfiable(_ value: String) {
        #expect(ByteRanges([value], size: 10000) == .unsatisfiable)
        #expect(ByteRanges.unsatisfied(size: 10000) == "bytes */10000")
    }

    @Test(
        "a header that cannot be understood, or asks for too much, is ignored",
        arguments: [
            "", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=a-b", "bytes=1", "bytes=1-a", "bytes=--1", "bytes=5-4", "bytes=1-2-3",
            "bytes=+1-2",
            "bytes=1 - 2", "bytes =1-2", "bytes:1-2", "lines=1-2", "none", "bytes=0-1,x", "bytes=0x0-1", "bytes=१-२",
            "bytes=99999999999999999999-1",
            "bytes=0-1,1-2", "bytes=0-,-1", "bytes=0-9,0-9", "bytes=1-1,3-3,5-5,7-7,9-9,11-11", "bytes=-5,9990-9999",
        ])
    func ignored(_ value: String) {
        #expect(ByteRanges([value], size: 10000) == .whole)
    }

    @Test("no header, two of them, and an empty file")
    func whole() {
        #expect(ByteRanges([], size: 10000) == .whole)
        #expect(ByteRanges(["bytes=0-1", "bytes=3-4"], size: 10000) == .whole)
        for value in ["bytes=0-", "bytes=0-0", "bytes=-1", "bytes=5-"] { #expect(ByteRanges([value], size: 0) == .whole) }
    }

    @Test("what is around the parts")
    func multipart() throws {
        let file = Array("0123456789".utf8)
        guard case .parts(let parts) = ByteRanges(["bytes=0-1,-3"], size: file.count) else {
            Issue.record("not two parts")
            return
        }
        let multipart = MultipartRanges(parts, size: file.count, boundary: "THIS_STRING_SEPARATES", type: "text/plain")
        var body = ""
        for (head, part) in zip(multipart.heads, parts) { body += head + String(decoding: file[part], as: UTF8.self) }
        body += multipart.tail
        #expect(
            body == """
                --THIS_STRING_SEPARATES\r
                Content-Type: text/plain\r
                Content-Range: bytes 0-1/10\r
                \r
                01\r
                --THIS_STRING_SEPARATES\r
                Content-Type: text/plain\r
                Content-Range: bytes 7-9/10\r
                \r
                789\r
                --THIS_STRING_SEPARATES--\r

                """)
        #expect(multipart.contentLength == body.utf8.count)
        #expect(multipart.contentType == "multipart/byteranges; boundary=THIS_STRING_SEPARATES")
        #expect(!MultipartRanges(parts, size: 10, boundary: "x", type: nil).heads.joined().contains("Content-Type"))
    }

    @Test("whatever is asked for: parts are inside the file and never overlap")
    func fuzz() {
        var random = SeededRandom(state: 9)
        let pieces = ["bytes=", "-", ",", " ", "0", "1", "9", "10", "5-7", "-3", "8-", "99999999999999999999"]
        let count = ProcessInfo.processInfo.environment["ROOST_FUZZ"].flatMap { Int($0) } ?? 20_000
        for _ in 0..<count {
            let length = Int.random(in: 0..<9, using: &random)
            let value = "bytes=" + (0..<length).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
            let size = Int.random(in: 0..<12, using: &random)
            var parts: [Range<Int>] = []
            switch ByteRanges([value], size: size) {
            case .part(let part): parts = [part]
            case .parts(let some): parts = some
            case .whole, .unsatisfiable: break
            }
            let bytes = parts.flatMap { Array($0) }
            #expect(Set(bytes).count == bytes.count && bytes.allSatisfy { (0..<size).contains($0) }, "\(value) of \(size)")
            #expect(parts.allSatisfy { !$0.isEmpty }, "\(value) of \(size)")
        }
    }
}
