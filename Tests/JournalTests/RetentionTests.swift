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

    @Test("of somebody who is erased nothing comes back: not what was put back of theirs, not what is planned for them") func restored() async throws {
        let bench = try JournalBench()
        let journal = try bench.open()
        let gif = GIF(digest: "cat", bytes: 1, width: 1, height: 1, frames: 1, seconds: 0, flashesPerSecond: 0)
        func event(_ body: Event.Body) -> JournalUnit { [.event(Event(room: room, at: 1, body: body))] }
        func planned(_ key: String, _ data: String) -> JournalUnit {
            [.schedule(ScheduleChange(plugin: "remind", key: key, schedule: Schedule(event: "due", at: 9, data: data)))]
        }
        _ = await bench.commit(
            journal, [.room(record())], [chat("secret")], event(.gif(from: ann, gif: gif, caption: "secret")),
            event(.delete(of: 1, by: nil, why: nil)), event(.edit(of: 1, by: nil, .text("secret"))),
            event(.delete(of: 2, by: nil, why: nil)), event(.edit(of: 2, by: nil, .gif(gif, caption: "secret"))),
            planned("\(ann.id):1", #"{"text":"secret"}"#), planned("poll", #"{"by":"\#(ann.id)","text":"tea?"}"#), planned("other", "{}"))
        let epoch = try journal.snapshot().rooms[0].record.epoch
        let erasure = try await journal.erase(PersonID(ann.id), at: 1)
        #expect(erasure.rooms == [room])
        let found = await bench.find(journal, EventQuery(room: room, range: .after(0), limit: 10))
        #expect(found?.count == 6 && found?.contains { "\($0)".contains("secret") || "\($0)".contains(ann.id) } == false)
        #expect(bench.unused.withLock { $0 } == ["cat", "cat"], "once when it was deleted, and once for good")
        let plans = try journal.schedules(of: "remind").sorted { $0.key < $1.key }
        #expect(plans.map(\.key) == ["other", "poll"])
        #expect(plans.last?.schedule?.data == #"{"by":"\#(Erased.id)","text":"tea?"}"#)
        #expect(try journal.snapshot().rooms[0].record.epoch != epoch, "whoever has seen them begins anew, also if the server dies now")
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
