import Foundation
import RoomEngine
import Synchronization
import Testing

@testable import Journal

@Suite("What the journal forgets")
struct ForgettingTests {
    private func show(_ digest: String) -> JournalWrite {
        let gif = GIF(digest: digest, bytes: 1, width: 1, height: 1, frames: 1, seconds: 0, flashesPerSecond: 0)
        return .event(Event(room: room, at: 1, body: .gif(from: ann, gif: gif, caption: nil)))
    }

    @Test("events up to the horizon go, with the files that nothing else shows; numbers go on, over a restart too") func horizon() async throws {
        let bench = try JournalBench()
        var journal = try bench.open()
        _ = await bench.commit(journal, [.room(record())], [show("old")], [show("both")], [chat("three", cid: "c")], [show("both")], [chat("five")])
        _ = await bench.commit(journal, [.keep(room, Retention(count: 2))], [.forget(room, through: 3)])
        _ = await bench.commit(journal, [chat("six")])
        #expect(bench.unused.withLock { $0 } == ["old"])
        let kept = await bench.find(journal, EventQuery(room: room, range: .after(0), limit: 10))
        #expect(kept?.map(\.seq) == [4, 5, 6])
        let again = await bench.commit(journal, [chat("three", cid: "c")])
        #expect(again == [.stored([7])])
        _ = await bench.commit(journal, [.forget(room, through: 7)])
        try journal.close()

        journal = try bench.open()
        let snapshot = try journal.snapshot()
        #expect(snapshot.rooms.map(\.head) == [7])
        #expect(snapshot.keeping == [room: Keeping(retention: Retention(count: 2), horizon: 7)])
        let next = await bench.commit(journal, [chat("eight")])
        #expect(next == [.stored([8])])
        try journal.close()
        #expect(try JournalCheck(path: bench.path, files: bench.folder).problems.isEmpty == true)
    }

    @Test("the server's retention is none of the room's own") func standard() async throws {
        let bench = try JournalBench()
        let journal = try bench.open()
        _ = await bench.commit(journal, [.room(record())], [.keep(room, .forever)])
        #expect(try journal.snapshot().keeping == [room: Keeping(retention: .forever)])
        _ = await bench.commit(journal, [.keep(room, nil)])
        #expect(try journal.snapshot().keeping == [room: Keeping()])
        _ = await bench.commit(journal, [.roomRemoved(room)])
        #expect(try journal.snapshot().keeping.isEmpty)
        try journal.close()
    }

    @Test("names are taken out of notices where they are words", arguments: [
        ("Ann came in.", "(erased) came in."), ("Anna came in.", "Anna came in."), ("Ann님이 들어왔습니다.", "(erased)님이 들어왔습니다."),
        ("JoAnn", "JoAnn"), ("(Ann) and Ann", "((erased)) and (erased)"), ("nobody", "nobody"),
    ])
    func erasing(text: String, expected: String) {
        #expect(text.erasing(["Ann"]) == expected)
    }
}
