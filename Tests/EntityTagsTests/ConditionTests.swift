import EntityTags
import Testing

private let now = 784_120_000
private let changed = 784_111_777
private let then = "Sun, 06 Nov 1994 08:49:37 GMT"
private let before = "Sun, 06 Nov 1994 08:49:36 GMT"
private let after = "Sun, 06 Nov 1994 08:49:38 GMT"

@Suite("Conditions (RFC 9110 §13)")
struct ConditionTests {
    private func answer(
        _ method: ConditionalRequest.Method = .get, tag: String? = "\"a\"", lastModified: Int? = changed, exists: Bool = true,
        _ set: (inout ConditionalRequest) -> Void
    ) -> ConditionalRequest.Answer {
        var request = ConditionalRequest(method)
        set(&request)
        return request.answer(exists ? Validators(tag: tag.flatMap(EntityTag.init), lastModified: lastModified) : nil, size: 100, now: now)
    }

    @Test("none", arguments: [.get, .head, .change] as [ConditionalRequest.Method])
    func none(_ method: ConditionalRequest.Method) {
        #expect(answer(method) { _ in } == .whole)
    }

    @Test(
        "If-None-Match: the client has it already, if weakly",
        arguments: [
            ["\"a\""], ["W/\"a\""], ["*"], [" * "], ["\"b\", \"a\""], ["\"b\",W/\"a\" ,\"c\""], ["\"b\"", "\"a\""], [",,\"a\","],
            ["\"x,\", \"a\""],
        ])
    func ifNoneMatch(_ values: [String]) {
        for tag in ["\"a\"", "W/\"a\""] {
            #expect(answer(tag: tag) { $0.ifNoneMatch = values } == .notModified)
            #expect(answer(.head, tag: tag) { $0.ifNoneMatch = values } == .notModified)
            #expect(answer(.change, tag: tag) { $0.ifNoneMatch = values } == .preconditionFailed)
        }
    }

    @Test(
        "If-None-Match: it has another one",
        arguments: [["\"b\""], [""], ["a"], ["\"a"], ["\"a\" \"b\""], ["\"a\", *"], ["*", "*"], ["\"b,\"a\",\""], ["W/a"]]
    )
    func noMatch(_ values: [String]) {
        #expect(answer { $0.ifNoneMatch = values } == .whole)
        #expect(answer(.change) { $0.ifNoneMatch = values } == .whole)
    }

    @Test("If-None-Match decides alone: If-Modified-Since is not looked at")
    func ifNoneMatchFirst() {
        #expect(answer { ($0.ifNoneMatch, $0.ifModifiedSince) = (["\"b\""], [after]) } == .whole)
        #expect(answer { ($0.ifNoneMatch, $0.ifModifiedSince) = (["\"a\""], [before]) } == .notModified)
    }

    @Test("If-Modified-Since")
    func ifModifiedSince() {
        for value in [then, after, "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            #expect(answer { $0.ifModifiedSince = [value] } == .notModified)
            #expect(answer(.head) { $0.ifModifiedSince = [value] } == .notModified)
            #expect(answer(.change) { $0.ifModifiedSince = [value] } == .whole)
            #expect(answer(lastModified: nil) { $0.ifModifiedSince = [value] } == .whole)
        }
        for values in [[before], ["then"], [""], [then, then]] { #expect(answer { $0.ifModifiedSince = values } == .whole) }
    }

    @Test("If-Match: only the very same will do")
    func ifMatch() {
        for values in [["\"a\""], ["*"], ["\"b\", \"a\""], ["\"b\"", "\"a\""]] {
            #expect(answer(.change) { $0.ifMatch = values } == .whole)
            #expect(answer { $0.ifMatch = values } == .whole)
        }
        for values in [["\"b\""], ["W/\"a\""], [""], ["a"], ["\"a\", oops"]] {
            #expect(answer(.change) { $0.ifMatch = values } == .preconditionFailed)
            #expect(answer { $0.ifMatch = values } == .preconditionFailed)
        }
        #expect(answer(.change, tag: "W/\"a\"") { $0.ifMatch = ["W/\"a\""] } == .preconditionFailed)
        #expect(answer(.change, tag: nil) { $0.ifMatch = ["\"a\""] } == .preconditionFailed)
        #expect(answer(.change, tag: nil) { $0.ifMatch = ["*"] } == .whole)
    }

    @Test("If-Unmodified-Since, unless there is If-Match")
    func ifUnmodifiedSince() {
        #expect(answer(.change) { $0.ifUnmodifiedSince = [before] } == .preconditionFailed)
        #expect(answer { $0.ifUnmodifiedSince = [before] } == .preconditionFailed)
        for values in [[then], [after], ["x"], [before, before]] { #expect(answer(.change) { $0.ifUnmodifiedSince = values } == .whole) }
        #expect(answer(.change) { ($0.ifUnmodifiedSince, $0.ifMatch) = ([before], ["\"a\""]) } == .whole)
        #expect(answer(.change, lastModified: nil) { $0.ifUnmodifiedSince = [before] } == .whole)
    }

    @Test("what must be the same is asked before what must be another")
    func order() {
        #expect(answer { ($0.ifMatch, $0.ifNoneMatch) = (["\"b\""], ["\"a\""]) } == .preconditionFailed)
        #expect(answer { ($0.ifMatch, $0.ifNoneMatch) = (["\"a\""], ["\"a\""]) } == .notModified)
        #expect(answer { ($0.ifUnmodifiedSince, $0.ifModifiedSince) = ([then], [then]) } == .notModified)
        #expect(answer { ($0.ifNoneMatch, $0.range) = (["\"a\""], ["bytes=0-0"]) } == .notModified)
        #expect(answer { ($0.ifMatch, $0.range) = (["\"b\""], ["bytes=0-0"]) } == .preconditionFailed)
    }

    @Test("where there is nothing yet, * says so")
    func nothingThere() {
        #expect(answer(.change, exists: false) { $0.ifNoneMatch = ["*"] } == .whole)
        #expect(answer(.change, exists: false) { $0.ifMatch = ["*"] } == .preconditionFailed)
        #expect(answer(.change, exists: false) { $0.ifMatch = ["\"a\""] } == .preconditionFailed)
    }

    @Test("parts are for GET only")
    func ranges() {
        #expect(answer { $0.range = ["bytes=0-9"] } == .ranges(.part(0..<10)))
        #expect(answer { $0.range = ["bytes=100-"] } == .ranges(.unsatisfiable))
        #expect(answer { $0.range = ["pages=1-2"] } == .whole)
        for method in [.head, .change] as [ConditionalRequest.Method] { #expect(answer(method) { $0.range = ["bytes=100-"] } == .whole) }
        #expect(answer { ($0.ifNoneMatch, $0.range) = (["\"b\""], ["bytes=0-9"]) } == .ranges(.part(0..<10)))
    }

    @Test("If-Range: the rest only of the very same bytes")
    func ifRange() {
        for value in ["\"a\"", then] {
            #expect(answer { ($0.ifRange, $0.range) = ([value], ["bytes=5-"]) } == .ranges(.part(5..<100)))
            #expect(answer { $0.ifRange = [value] } == .whole)
        }
        for values in [["\"b\""], ["W/\"a\""], [before], [after], ["a"], [""], ["\"a\"", "\"a\""], ["\"a\", \"b\""], ["*"]] {
            #expect(answer { ($0.ifRange, $0.range) = (values, ["bytes=5-"]) } == .whole)
            #expect(answer { ($0.ifRange, $0.range) = (values, ["bytes=100-"]) } == .whole)
        }
        #expect(answer(tag: "W/\"a\"") { ($0.ifRange, $0.range) = (["W/\"a\""], ["bytes=5-"]) } == .whole)
        // Changed in this very second.
        let recently = answer(lastModified: now) { ($0.ifRange, $0.range) = (["Sun, 06 Nov 1994 11:06:40 GMT"], ["bytes=5-"]) }
        #expect(recently == .whole)
    }
}
