import Foundation
import RoomEngine
import Synchronization
import Testing

@testable import Journal

@Suite("The journal in SQLite")
struct SQLiteJournalTests {
    @Test("events get the numbers 1, 2, 3 … in each room") func numbers() async throws {
        let bench = try JournalBench()
        let journal = try bench.open()
        let other = RoomID("other")
        let results = await bench.commit(journal, [.room(record())], [chat("a")], [chat("b"), chat("c", in: other)], [chat("d")])
        #expect(results == [.stored([]), .stored([1]), .stored([2, 1]), .stored([3])])
        let later = await bench.commit(journal, [chat("e")])
        #expect(later == [.stored([4])])
        try journal.close()
    }

    @Test("a message with the cid of an earlier one is that message, over a restart too") func duplicates() async throws {
        let bench = try JournalBench()
        var journal = try bench.open()
        let first = await bench.commit(journal, [.room(record())], [chat("a", cid: "1")], [chat("b", cid: "2")])
        #expect(first == [.stored([]), .stored([1]), .stored([2])])
        try journal.close()

        journal = try bench.open()
        _ = try journal.snapshot()
        let again = await bench.commit(journal, [chat("a", cid: "1")], [chat("c", cid: "3")], [chat("c", cid: "3")])
        #expect(again == [.duplicate(1), .stored([3]), .duplicate(3)])
        try journal.close()
    }

    @Test("every kind of event comes back as it was stored") func roundTrip() async throws {
        let bench = try JournalBench()
        let journal = try bench.open()
        let gif = GIF(digest: String(repeating: "a", count: 64), bytes: 10, width: 3, height: 4, frames: 2, seconds: 0.5, flashesPerSecond: 1)
        let bodies: [Event.Body] = [
            .chat(from: ann, text: "안녕 👋\n", replyTo: 1), .gif(from: ann, gif: gif, caption: "a cat"), .gif(from: ann, gif: gif, caption: nil),
            .system(LocalizedText("hi", texts: ["ko": "안녕"]), key: "join", by: "notices"), .join(ann, count: 3),
            .exit(ann, count: 2, reason: .crash), .name(ann, before: "Anna"), .owner(ann), .owner(nil), .topic("leaves", by: ann), .topic("", by: nil),
            .role(ann, before: .moderator),
            .deleted(from: ann, by: nil, replyTo: 3), .deleted(from: ann, by: MemberInfo(id: "u_mod", name: "Mod", color: "#00ff00", role: .moderator), replyTo: nil),
            .edit(of: 99, by: ann, .text("better")), .edit(of: 99, by: nil, .gif(gif, caption: nil)), .edit(of: 99, by: ann, nil),
            .delete(of: 99, by: ann, why: "rude"), .delete(of: 99, by: nil, why: nil),
            .react(of: 99, by: ann, emoji: "👍", on: true), .react(of: 99, by: ann, emoji: "👍", on: false),
            .chat(from: MemberInfo(id: "plugin:dice", name: "dice", color: "#000000", role: .member, isBot: true), text: "6", replyTo: nil),
        ]
        let events = bodies.enumerated().map { Event(room: room, seq: Int64($0 + 1), at: 1_790_000_000_000 + Int64($0), body: $1) }
        for event in events { _ = await bench.commit(journal, [.event(event)]) }
        let found = await bench.find(journal, EventQuery(room: room, range: .after(0), limit: 100))
        #expect(found == events)
        try journal.close()
    }

    @Test("history is paged in order, forwards and backwards") func paging() async throws {
        let bench = try JournalBench()
        let journal = try bench.open()
        for n in 1...30 { _ = await bench.commit(journal, [chat("\(n)")]) }
        let after = await bench.find(journal, EventQuery(room: room, range: .after(10), limit: 5))
        #expect(after?.map(\.seq) == [11, 12, 13, 14, 15])
        let before = await bench.find(journal, EventQuery(room: room, range: .before(10), limit: 5))
        #expect(before?.map(\.seq) == [5, 6, 7, 8, 9])
        let none = await bench.find(journal, EventQuery(room: RoomID("nowhere"), range: .before(.max), limit: 5))
        #expect(none == [])
        try journal.close()
    }

    @Test("rooms, people, presence, restrictions and stores survive a restart") func restart() async throws {
        let bench = try JournalBench()
        var journal = try bench.open()
        let presence = Presence(room: room, member: ann, joinedAt: 9)
        let ban = Restriction(kind: .ban, room: room, person: PersonID("u_bob"), name: "Bob", until: 77, reason: "flood", by: "guard", at: 8)
        let mute = Restriction(kind: .mute, room: room, person: PersonID("u_bob"), name: "Bob", until: nil, reason: "", by: "ann", at: 8)
        let person = PersonRecord(id: PersonID("u_ann"), name: "Ann", colorSeed: "seed", isAdmin: true, createdAt: 3)
        let stored = StoreChange(plugin: "guard", scope: "user u_bob", key: "strikes", value: "2", expires: 99)
        _ = await bench.commit(
            journal, [.room(record()), .person(person)], [chat("a"), .present(presence)], [.restrict(ban)], [.restrict(mute)], [.store(stored)],
            [.store(StoreChange(plugin: "guard", scope: "", key: "gone", value: "1")), .store(StoreChange(plugin: "guard", scope: "", key: "gone", value: nil))])
        try journal.close()

        journal = try bench.open()
        let snapshot = try journal.snapshot()
        #expect(snapshot.rooms.map(\.record) == [record()])
        #expect(snapshot.rooms.map(\.head) == [1])
        #expect(snapshot.present == [presence])
        #expect(Set(snapshot.restrictions.map(\.kind)) == [.ban, .mute])
        #expect(snapshot.restrictions.contains(ban) && snapshot.restrictions.contains(mute))
        #expect(try await journal.person(PersonID("u_ann")) == person)
        #expect(try journal.store(of: "guard") == [stored])

        _ = await bench.commit(journal, [.lift(.ban, room: room, person: PersonID("u_bob"))], [.absent(room: room, person: PersonID("u_ann"))])
        let after = try journal.snapshot()
        #expect(after.present.isEmpty)
        #expect(after.restrictions == [mute])
        try journal.close()
    }

    @Test("moderators and tags survive a restart, until they are taken away or the room is removed") func moderators() async throws {
        let bench = try JournalBench()
        var journal = try bench.open()
        var tagged = record()
        tagged.tags = ["quiet", "books-2"]
        let (bob, cem) = (Appointment(room: room, person: "u_bob", name: "Bob"), Appointment(room: room, person: "u_cem", name: "Cem"))
        _ = await bench.commit(journal, [.room(tagged)], [.appoint(bob)], [.appoint(cem)])
        try journal.close()

        journal = try bench.open()
        #expect(try journal.snapshot().rooms.map(\.record) == [tagged])
        #expect(Set(try journal.snapshot().moderators.map(\.name)) == ["Bob", "Cem"])
        _ = await bench.commit(journal, [.dismiss(room: room, person: "u_cem")])
        #expect(try journal.snapshot().moderators == [bob])
        _ = await bench.commit(journal, [.roomRemoved(room)])
        #expect(try journal.snapshot().moderators == [])
        try journal.close()
    }

    @Test("a message is found by its author and cid") func sent() async throws {
        let bench = try JournalBench()
        let journal = try bench.open()
        _ = await bench.commit(journal, [chat("a", cid: "1")], [chat("b", cid: "2")])
        let author = PersonID(ann.id)
        let found = await bench.find(journal, EventQuery(room: room, range: .sent(by: author, cid: "2"), limit: 1))
        #expect(found?.map(\.seq) == [2])
        let none = await bench.find(journal, EventQuery(room: room, range: .sent(by: "u_other", cid: "2"), limit: 1))
        #expect(none == [])
        try journal.close()
    }

    @Test("a removed room takes its events with it, and names the files that nothing shows any more") func removal() async throws {
        let bench = try JournalBench()
        let journal = try bench.open()
        let other = RoomID("other")
        let gif = { (digest: String) in GIF(digest: digest, bytes: 1, width: 1, height: 1, frames: 1, seconds: 0, flashesPerSecond: 0) }
        let show = { (digest: String, room: RoomID) in
            JournalWrite.event(Event(room: room, at: 1, body: .gif(from: ann, gif: gif(digest), caption: nil)))
        }
        _ = await bench.commit(journal, [.room(record())], [.room(record(other))], [show("mine", room)], [show("shared", room)], [show("shared", other)])
        #expect(try await journal.rooms(showing: "shared").count == 2)
        _ = await bench.commit(journal, [.roomRemoved(room)])
        // The answer about the files follows that about the commit: another commit comes after both.
        _ = await bench.commit(journal, [chat("later", in: other)])
        #expect(bench.unused.withLock { $0 } == ["mine"])
        #expect(try journal.files() == ["shared"])
        #expect(try journal.snapshot().rooms.map(\.record.id) == [other])
        try journal.close()
    }

    @Test("what plugins have scheduled survives a restart, one of each key") func schedules() async throws {
        let bench = try JournalBench()
        var journal = try bench.open()
        let change = { (key: String, at: Int64?) in
            JournalWrite.schedule(
                ScheduleChange(plugin: "remind", key: key, schedule: at.map { Schedule(event: "due", at: $0, data: #"{"text":"차"}"#) }))
        }
        _ = await bench.commit(journal, [change("a", 1)], [change("b", 2)], [change("a", 3)], [change("gone", 4)], [change("gone", nil)])
        try journal.close()

        journal = try bench.open()
        let found = try journal.schedules(of: "remind")
        #expect(found.map(\.key) == ["a", "b"])
        #expect(found.first?.schedule == Schedule(event: "due", at: 3, data: #"{"text":"차"}"#))
        #expect(try journal.schedules(of: "other").isEmpty)
        try journal.close()
    }

    @Test("one unit that cannot be stored harms no other") func failure() async throws {
        let bench = try JournalBench()
        let journal = try bench.open()
        // STRICT tables refuse what is no integer: the owner's columns are NOT NULL in presence.
        var bad = record()
        bad.epoch = "e2"
        _ = await bench.commit(journal, [.room(bad)], [chat("a", cid: "x")])
        // Within one unit the second message is the first one again, so the unit as a whole is a duplicate.
        let results = await bench.commit(journal, [chat("b")], [chat("again", cid: "x")], [chat("c")])
        #expect(results == [.stored([2]), .duplicate(1), .stored([3])])
        try journal.close()
    }

    @Test("when a message fails, so does what was to be stored with it, and values that come after it") func follows() async throws {
        let bench = try JournalBench()
        let journal = try bench.open()
        let other = try bench.open()
        _ = try other.snapshot()
        // The other does not know of this one's message, and gives its number again.
        _ = await bench.commit(journal, [.room(record())], [chat("a")])
        let value = { JournalWrite.store(StoreChange(plugin: "p", scope: "", key: "n", value: $0)) }
        let results = await bench.commit(other, [value("1"), chat("b")], [value("2")], [chat("c", in: "garden")], [value("3"), chat("d", in: "garden")])
        let isFailed = results.map { if case .failed = $0 { true } else { false } }
        #expect(isFailed == [true, true, false, true])
        #expect(try other.store(of: "p").isEmpty)
        try other.close()
        try journal.close()
    }

    @Test("a file that is no database is an error, and is left as it is") func damaged() async throws {
        let bench = try JournalBench()
        let text = String(repeating: "this is not a database. ", count: 400)
        try text.write(toFile: bench.path, atomically: true, encoding: .utf8)
        #expect(throws: (any Error).self) { try bench.open() }
        #expect(try String(contentsOfFile: bench.path, encoding: .utf8) == text)
    }

    @Test("what was acknowledged is there when the files are copied at that moment, as after a kill") func killed() async throws {
        let bench = try JournalBench()
        let journal = try bench.open(.full)
        _ = await bench.commit(journal, [.room(record())])
        for n in 1...20 { _ = await bench.commit(journal, [chat("\(n)", cid: "\(n)")]) }
        let copy = try JournalBench()
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: bench.path + suffix) {
            try FileManager.default.copyItem(atPath: bench.path + suffix, toPath: copy.path + suffix)
        }
        let revived = try copy.open()
        #expect(try revived.snapshot().rooms.map(\.head) == [20])
        let found = await copy.find(revived, EventQuery(room: room, range: .after(0), limit: 100))
        #expect(found?.count == 20)
        try revived.close()
        try journal.close()
    }
}
