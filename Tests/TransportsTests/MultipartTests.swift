import NIOCore
import RoomEngine
import Testing

@testable import Transports

@Suite("Multipart forms")
struct MultipartTests {
    /// The fields of a form, given in pieces of `size`; nil if the form did not end.
    private func fields(_ text: String, size: Int) throws -> [String: String]? {
        var reader = MultipartReader(boundary: "xyz")
        var fields: [String: String] = [:]
        var current = ""
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            for part in try reader.read(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)])) {
                switch part {
                case .begin(let name): (current, fields[name]) = (name, "")
                case .bytes(let bytes): fields[current, default: ""] += String(buffer: bytes)
                case .end: current = ""
                }
            }
        }
        return reader.isComplete ? fields : nil
    }

    private let form = "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--xyz\r\ncontent-disposition: form-data; name=\"gif\"; filename=\"x.gif\"\r\nContent-Type: image/gif\r\n\r\nG\r\n--xy\r\nF\r\n--xyz--\r\n"

    @Test("fields come out however the form was cut", arguments: [1, 2, 3, 5, 8, 13, 1_000]) func pieces(size: Int) throws {
        #expect(try fields(form, size: size) == ["a": "one", "gif": "G\r\n--xy\r\nF"])
    }

    @Test("a form that is cut short is not complete", arguments: [3, 20, 60, 100, 150]) func cut(count: Int) throws {
        #expect(try fields(String(form.prefix(form.count - count)), size: 7) == nil)
    }

    @Test("a part without a name, a broken delimiter and an endless header are refused") func malformed() {
        #expect(throws: Refusal.self) { try fields("--xyz\r\nContent-Type: text/plain\r\n\r\nx\r\n--xyz--\r\n", size: 9) }
        #expect(throws: Refusal.self) { try fields("--xyzzy\r\n", size: 9) }
        #expect(throws: Refusal.self) { try fields("--xyz\r\n" + String(repeating: "a", count: 5_000), size: 900) }
    }

    @Test("the boundary is read from the content type") func boundary() {
        #expect(MultipartReader.boundary(ofContentType: "multipart/form-data; boundary=abc") == "abc")
        #expect(MultipartReader.boundary(ofContentType: "Multipart/Form-Data; charset=utf-8; boundary=\"a b\"") == "a b")
        #expect(MultipartReader.boundary(ofContentType: "multipart/form-data") == nil)
        #expect(MultipartReader.boundary(ofContentType: "multipart/mixed; boundary=abc") == nil)
        #expect(MultipartReader.boundary(ofContentType: "multipart/form-data; boundary=" + String(repeating: "a", count: 71)) == nil)
    }
}
