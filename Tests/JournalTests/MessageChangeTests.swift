import Foundation
import RoomEngine
import Synchronization
import Testing

@testable import Journal

@Suite("Changed messages in SQLite")
struct MessageChangeTests {
    private let bob = MemberInfo(id: "u_bob", name: "Bob", color: "#0000ff")

    private func change(_ body: Event.Body, at: Int64 = 5, cid: String? = nil) -> JournalUnit { [.event(Event(room: room, at: at, body: body, cid: cid))] }

    private func all(_ bench: JournalBench, _ journal: SQLiteJournal) async -> [Event] {
        await bench.find(journal, EventQuery(room: room, range: .after(0), limit: 1_000)) ?? []
    }

    @Test("SQLite and memory leave the same of messages, whatever is done to them") func sameAsMemory() async throws {
        let bench = try JournalBench()
        let journal = try bench.open()
        let memory = MemoryJournal()
        let gif = GIF(digest: "cat", bytes: 10, width: 3, height: 4, frames: 2, seconds: 0.5, flashesPerSecond: 1)
        var units: [JournalUnit] = [[.room(record())], [chat("one")], [chat("two")], change(.gif(from: ann, gif: gif, caption: "three"))]
        var random = SystemRandomNumberGenerator()
        let seed = Int.random(in: 0..<1_000_000, using: &random)
        var dice = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        func number(_ bound: Int) -> Int {
            dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(dice >> 33) % bound
        }
        for step in 0..<300 {
            let of = Int64(1 + number(3)), by = number(2) == 0 ? ann : bob
            switch number(8) {
            case 0, 1:
                let content = of == 3 ? Content.gif(gif, caption: "caption \(step)") : .text("text \(step)")
                units.append(change(.edit(of: of, by: ann, content), at: Int64(step)))
            case 2: units.append(change(.delete(of: of, by: by, why: nil)))
            case 3: units.append([chat("more \(step)")])
            default: units.append(change(.react(of: of, by: by, emoji: ["👍", "🎉", "🍵"][number(3)], on: number(3) > 0)))
            }
        }
        for unit in units { _ = await bench.commit(journal, unit) }
        let engine = Engine.toDeliver(memory)
        for (index, unit) in units.enumerated() { memory.commit(UInt64(index), [unit]) }
        memory.deliver(to: engine)
        let (kept, expected) = (await all(bench, journal), memory.events(EventQuery(room: room, range: .after(0), limit: 1_000)))
        #expect(kept.count == expected.count)
        for (one, other) in zip(kept, expected) where one != other { Issue.record("seed \(seed): \(one) is not \(other)") }
        try journal.close()
    }

    @Test("of a deleted message nothing is left in any row, over a restart too") func nothingIsLeft() async throws {
        let bench = try JournalBench()
        var journal = try bench.open()
        _ = await bench.commit(
            journal, [.room(record())], [chat("a quite unusual secret")], change(.edit(of: 1, by: ann, .text("another unusual secret"))),
            change(.react(of: 1, by: bob, emoji: "🤫", on: true)), change(.delete(of: 1, by: ann, why: nil)))
        let events = await all(bench, journal)
        #expect(!"\(events)".contains("unusual"))
        #expect(events.map(\.seq) == [1, 2, 3, 4])
        try journal.close()
        journal = try bench.open()
        let later = await all(bench, journal)
        #expect(later == events)
        #expect(later.first?.reactions == [])
        try journal.close()
    }

    @Test("a GIF's file is let go of with the last message that shows it") func files() async throws {
        let bench = try JournalBench()
        let journal = try bench.open()
        let gif = GIF(digest: "cat", bytes: 1, width: 1, height: 1, frames: 1, seconds: 0, flashesPerSecond: 0)
        let show = change(.gif(from: ann, gif: gif, caption: "a"))
        _ = await bench.commit(journal, [.room(record())], show, show, change(.edit(of: 1, by: ann, .gif(gif, caption: "b"))))
        _ = await bench.commit(journal, change(.delete(of: 1, by: ann, why: nil)))
        _ = await bench.commit(journal, [chat("x")])
        #expect(bench.unused.withLock { $0 } == [])
        _ = await bench.commit(journal, change(.delete(of: 2, by: ann, why: nil)))
        _ = await bench.commit(journal, [chat("y")])
        #expect(bench.unused.withLock { $0 } == ["cat"])
        #expect(try journal.files().isEmpty)
        try journal.close()
    }

    @Test("a change sent twice under one cid changes once") func duplicates() async throws {
        let bench = try JournalBench()
        let journal = try bench.open()
        let edit = change(.edit(of: 1, by: ann, .text("b")), cid: "e")
        let results = await bench.commit(
            journal, [.room(record())], [chat("a")], edit, change(.edit(of: 1, by: ann, .text("c"))), edit)
        #expect(results == [.stored([]), .stored([1]), .stored([2]), .stored([3]), .duplicate(2)])
        #expect(await all(bench, journal).first?.content == .text("c"))
        try journal.close()
    }

    @Test("how a message is shown, and reports, survive a restart; a room's go with it") func looksAndReports() async throws {
        let bench = try JournalBench()
        var journal = try bench.open()
        let look = Look(spoiler: true, still: false, meta: #"{"lang":"ko"}"#)
        let report = Report(
            id: "r_1", room: room, seq: 1, author: bob, text: "a", by: PersonID("u_bob"), name: "Bob", why: "rude", at: 7)
        let event = Event(room: room, at: 1, body: .chat(from: ann, text: "a", replyTo: nil), look: look)
        _ = await bench.commit(journal, [.room(record())], [.event(event)], [.report(report)], [.hold(HeldMessage(id: "h", event: event, reason: "", by: "p", until: 9))])
        try journal.close()
        journal = try bench.open()
        let snapshot = try journal.snapshot()
        #expect(snapshot.reports == [report])
        #expect(snapshot.held.map(\.event.look) == [look])
        #expect(await all(bench, journal).map(\.look) == [look])
        _ = await bench.commit(journal, [.closeReport("r_1", room: room)])
        #expect(try journal.snapshot().reports.isEmpty)
        _ = await bench.commit(journal, [.report(report)])
        _ = await bench.commit(journal, [.roomRemoved(room)])
        #expect(try journal.snapshot().reports.isEmpty)
        try journal.close()
    }

    @Test("what somebody did is found by who and when; a message by its name") func finds() async throws {
        let bench = try JournalBench()
        let journal = try bench.open()
        _ = await bench.commit(
            journal, [.room(record())], change(.chat(from: ann, text: "early", replyTo: nil), at: 1, cid: "first"),
            change(.chat(from: bob, text: "bob", replyTo: nil), at: 10), change(.chat(from: ann, text: "late", replyTo: nil), at: 10),
            change(.topic("tea", by: bob), at: 10), change(.topic("coffee", by: ann), at: 11), change(.edit(of: 1, by: ann, .text("edited")), at: 12))
        let byAnn = await bench.find(journal, EventQuery(room: room, range: .by("u_ann", since: 10), limit: 100))
        #expect(byAnn?.map(\.seq) == [1, 3, 5, 6])
        let named = await bench.find(journal, EventQuery(room: room, range: .sent(by: PersonID("u_ann"), cid: "first"), limit: 1))
        #expect(named?.map(\.seq) == [1])
        let topic = await bench.find(journal, EventQuery(room: room, range: .topic(before: 5), limit: 1))
        #expect(topic?.map(\.body) == [.topic("tea", by: bob)])
        try journal.close()
    }
}

extension Engine {
    /// An engine that hears a journal's answers and does nothing about them.
    fileprivate static func toDeliver(_ journal: MemoryJournal) -> Engine {
        final class Silence: Outbox, Passwords, Clock {
            let now = Instant(wall: 0, uptime: 0)
            func send(_ message: Message, to connection: ConnectionID) {}
            func publish(_ message: Message, to topic: Topic) {}
            func attach(_ connection: ConnectionID, to topic: Topic) {}
            func detach(_ connection: ConnectionID, from topic: Topic) {}
            func close(_ connection: ConnectionID, _ closing: Closing) {}
            func hash(_ password: String, _ token: UInt64) {}
            func verify(_ password: String, against hash: String, _ token: UInt64) {}
        }
        let silence = Silence()
        return Engine(
            limits: Limits(), clock: silence, random: SystemRandomNumberGenerator(), journal: journal, outbox: silence, passwords: silence)
    }
}
