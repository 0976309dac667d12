import Testing

@testable import RoomEngine

@Suite("Messages after they were sent") struct ChangeTests {
    let world = World()

    /// Two people in a room, and the number of what Ann has said there.
    private func party(_ world: World, saying text: String = "helo") -> (ann: Client, bob: Client, seq: Int64) {
        world.room("lounge")
        let (ann, bob) = (world.member("ann", of: "lounge"), world.member("bob", of: "lounge"))
        return (ann, bob, ann.say(text, in: "lounge")?.seq ?? 0)
    }

    // MARK: Editing

    @Test("an edit is an event of its own, and everyone sees the new text") func edits() throws {
        let (ann, bob, seq) = party(world)
        #expect(ann.edit(seq, "hello", in: "lounge")?.seq == seq + 1)
        #expect(bob.events.last?.body == .edit(of: seq, by: try #require(ann.events.first?.author), .text("hello")))
        #expect(bob.view[seq]?.text == "hello")
        #expect(bob.view[seq]?.aftermath?.editedAt == world.clock.now.wall)
    }

    @Test("whoever comes later finds the message as it is now, and nothing of what it said before") func laterReaders() {
        let (ann, _, seq) = party(world, saying: "my password is tiger")
        ann.edit(seq, "first", in: "lounge")
        ann.edit(seq, "second", in: "lounge")
        let carol = world.member("carol", of: "lounge")
        #expect(carol.view[seq]?.text == "second")
        #expect(carol.events.compactMap(\.text) == ["second"])
        let edits = carol.events.compactMap { event -> Content? in if case .edit(_, _, let content) = event.body { content } else { nil } }
        #expect(edits == [.text("second"), .text("second")])
    }

    @Test("a client that was away gets the edits that it missed") func resumes() {
        let (ann, bob, seq) = party(world)
        bob.disconnect()
        ann.edit(seq, "hello", in: "lounge")
        let back = bob.anotherTab()
        back.join("lounge", seen: Position(epoch: bob.position!.epoch, seq: seq))
        #expect(back.events.map(\.target) == [seq])
        #expect(back.position?.seq == seq + 1)
    }

    @Test("only its author may change a message", arguments: [false, true]) func authors(isAdmin: Bool) {
        let (_, _, seq) = party(world)
        let carol = world.member("carol", of: "lounge", isAdmin: isAdmin)
        #expect(carol.edit(seq, "mine", in: "lounge")?.refusal?.code == .forbidden)
    }

    @Test("a message can be changed for so long, and not after that") func window() {
        let world = World { $0.editWindow = 60_000 }
        let (ann, _, seq) = party(world)
        world.advance(seconds: 60)
        #expect(ann.edit(seq, "in time", in: "lounge")?.isOK == true)
        world.advance(seconds: 1)
        #expect(ann.edit(seq, "too late", in: "lounge")?.refusal?.code == .forbidden)
    }

    @Test("what is no message cannot be changed", arguments: [0, 1, -5, 99, Int64.max, .min]) func noMessage(seq: Int64) {
        let (ann, _, _) = party(world)
        #expect(ann.edit(seq, "x", in: "lounge")?.refusal?.code == .notFound)
        #expect(ann.delete(seq, in: "lounge")?.refusal?.code == .notFound)
        #expect(ann.react(seq, "👍", in: "lounge")?.refusal?.code == .notFound)
    }

    @Test("the same text again changes nothing") func sameText() {
        let (ann, bob, seq) = party(world)
        #expect(ann.edit(seq, "helo", in: "lounge")?.isOK == true)
        #expect(bob.events.last?.seq == seq)
    }

    @Test("an edit sent twice under one cid is one edit") func cid() {
        let (ann, _, seq) = party(world)
        let first = ann.edit(seq, "hello", in: "lounge", cid: "c1")?.seq
        ann.edit(seq, "hallo", in: "lounge")
        #expect(ann.edit(seq, "hello", in: "lounge", cid: "c1")?.seq == first)
        #expect(ann.view[seq]?.text == "hallo")
    }

    @Test("somebody who is muted cannot change what they said, and may take it back") func muted() {
        let (ann, _, seq) = party(world)
        world.engine.restrict(.mute, ann.id, in: "lounge", seconds: 60, reason: "", by: "console")
        #expect(ann.edit(seq, "worse", in: "lounge")?.refusal?.code == .muted)
        #expect(ann.react(seq, "👍", in: "lounge")?.refusal?.code == .muted)
        #expect(ann.delete(seq, in: "lounge")?.isOK == true)
    }

    @Test("slow mode is about new messages alone") func slow() {
        let (ann, _, seq) = party(world)
        world.engine.change(world.engine.rooms["lounge"]!, RoomChange(slow: 60), by: .console)
        #expect(ann.say("more", in: "lounge")?.refusal?.code == .slow)
        #expect(ann.edit(seq, "hello", in: "lounge")?.isOK == true)
    }

    @Test("what cannot be stored is not shown") func unstored() {
        let (ann, bob, seq) = party(world)
        world.journal.failure = "disk full"
        #expect(ann.edit(seq, "hello", in: "lounge")?.refusal?.code == .unavailable)
        world.journal.failure = nil
        #expect(bob.view[seq]?.text == "helo")
        #expect(ann.edit(seq, "hello", in: "lounge")?.isOK == true)
    }

    // MARK: Deleting

    @Test("of a deleted message a mark is left, and nothing that it said, anywhere") func deletes() {
        let (ann, bob, seq) = party(world, saying: "secret")
        ann.edit(seq, "secret too", in: "lounge")
        #expect(ann.delete(seq, in: "lounge")?.seq == seq + 2)
        #expect(bob.view[seq]?.content == nil)
        let carol = world.member("carol", of: "lounge")
        #expect(!"\(carol.events)".contains("secret"))
        #expect(!"\(world.stored("lounge"))".contains("secret"))
        #expect(carol.events.map(\.seq) == Array(1...(seq + 3)))
    }

    @Test("a moderator deletes what others say; a member does not") func moderators() {
        let (_, bob, seq) = party(world)
        #expect(bob.delete(seq, in: "lounge")?.refusal?.code == .forbidden)
        let admin = world.member("admin", of: "lounge", isAdmin: true)
        #expect(admin.delete(seq, in: "lounge")?.isOK == true)
        #expect(bob.view[seq]?.content == nil)
    }

    @Test("a deleted message is not changed, reacted to, reported or deleted again") func gone() {
        let (ann, bob, seq) = party(world)
        ann.delete(seq, in: "lounge")
        #expect(ann.edit(seq, "back", in: "lounge")?.refusal?.code == .notFound)
        #expect(bob.react(seq, "👍", in: "lounge")?.refusal?.code == .notFound)
        #expect(bob.ask(.report(.init(room: "lounge", of: seq)))?.refusal?.code == .notFound)
        let head = ann.events.last?.seq
        #expect(ann.delete(seq, in: "lounge")?.isOK == true)
        #expect(ann.events.last?.seq == head)
    }

    @Test("an edit that arrives behind the deletion of its message is refused, stored or not") func editBehindDeletion() {
        let (ann, _, seq) = party(world)
        world.journal.isHeld = true
        let deletion = ann.send(.delete(.init(room: "lounge", of: seq)))
        let edit = ann.send(.edit(.init(room: "lounge", of: seq, text: "zombie")))
        world.journal.isHeld = false
        world.settle()
        #expect(ann.answer(to: deletion)?.isOK == true)
        #expect(ann.answer(to: edit)?.refusal?.code == .notFound)
        #expect(!"\(world.stored("lounge"))".contains("zombie"))
    }

    @Test("what was said before the room's memory can be changed too") func longAgo() {
        let world = World { ($0.recentEvents, $0.pageEvents) = (5, 3) }
        let (ann, bob, seq) = party(world, saying: "long ago")
        for number in 1...20 { bob.say("\(number)", in: "lounge") }
        #expect(ann.edit(seq, "edited", in: "lounge")?.isOK == true)
        #expect(bob.history(before: seq + 1, limit: 1, in: "lounge").first?.text == "edited")
        #expect(ann.delete(seq, in: "lounge")?.isOK == true)
        #expect(bob.history(before: seq + 1, limit: 1, in: "lounge").first?.content == nil)
        #expect(ann.edit(seq, "again", in: "lounge")?.refusal?.code == .notFound)
    }

    @Test("a page of history that was read before a change shows what came of it") func staleReading() {
        let (ann, bob, seq) = party(world)
        let page = bob.send(.history(room: "lounge", before: .max, limit: 10))
        let old = world.stored("lounge")
        ann.edit(seq, "hello", in: "lounge")
        #expect(bob.answer(to: page) != nil)
        // The reading came first; here its answer is late.
        let query = bob.send(.history(room: "lounge", before: .max, limit: 10))
        ann.send(.edit(.init(room: "lounge", of: seq, text: "hello!")))
        world.engine.finishTurn()
        world.journal.storeNext()
        world.journal.answerNext(to: world.engine)
        let asked = world.journal.finds.last!
        world.engine.found(asked.query, old)
        guard case .history(_, _, let events, _, _)? = bob.answer(to: query) else { return #expect(Bool(false), "no page") }
        #expect(events.first { $0.seq == seq }?.text == "hello!")
    }

    // MARK: Reacting

    @Test("reactions add up, and go away again") func reactions() {
        let (ann, bob, seq) = party(world)
        ann.react(seq, "👍", in: "lounge")
        bob.react(seq, "👍", in: "lounge")
        bob.react(seq, "🎉", in: "lounge")
        let all = [Reaction(emoji: "👍", people: ["u_ann", "u_bob"]), Reaction(emoji: "🎉", people: ["u_bob"])]
        #expect(ann.view[seq]?.reactions == all)
        #expect(world.member("carol", of: "lounge").view[seq]?.reactions == all)
        bob.react(seq, "👍", on: false, in: "lounge")
        ann.react(seq, "👍", on: false, in: "lounge")
        #expect(ann.view[seq]?.reactions == [Reaction(emoji: "🎉", people: ["u_bob"])])
    }

    @Test("to react twice with one emoji, or to take back what is not there, changes nothing") func idempotent() {
        let (ann, _, seq) = party(world)
        #expect(ann.react(seq, "👍", in: "lounge")?.seq == seq + 1)
        #expect(ann.react(seq, "👍", in: "lounge")?.isOK == true)
        #expect(ann.react(seq, "🎉", on: false, in: "lounge")?.isOK == true)
        #expect(ann.events.last?.seq == seq + 1)
    }

    @Test("two forms of one emoji are one reaction") func forms() {
        let (ann, bob, seq) = party(world)
        ann.react(seq, "❤", in: "lounge")
        bob.react(seq, "❤️", in: "lounge")
        #expect(ann.view[seq]?.reactions == [Reaction(emoji: "❤️", people: ["u_ann", "u_bob"])])
    }

    @Test("a reaction is one emoji", arguments: ["", "a", "1", "👍👍", ":smile:", "👍 ", "<b>", "ㅋ"]) func noEmoji(text: String) {
        let (ann, _, seq) = party(world)
        #expect(ann.react(seq, text, in: "lounge")?.refusal?.code == .badText)
    }

    @Test("there is a limit to emoji under a message, and to one person's") func limits() {
        let world = World { ($0.reactions, $0.reactionsOfOne) = (3, 2) }
        let (ann, bob, seq) = party(world)
        #expect(ann.react(seq, "👍", in: "lounge")?.isOK == true)
        #expect(ann.react(seq, "🎉", in: "lounge")?.isOK == true)
        #expect(ann.react(seq, "😀", in: "lounge")?.refusal?.code == .tooLong)
        #expect(bob.react(seq, "😀", in: "lounge")?.isOK == true)
        #expect(bob.react(seq, "🍵", in: "lounge")?.refusal?.code == .tooLong)
        #expect(bob.react(seq, "👍", in: "lounge")?.isOK == true)
    }

    @Test("of very many reactions the number is sent, some names, and whether one's own is among them") func many() {
        let world = World { $0.largestRoom = 200 }
        world.room("hall", max: 200)
        let ann = world.member("ann", of: "hall")
        let seq = ann.say("hi", in: "hall")!.seq!
        let crowd = (0..<70).map { world.member("p\($0)", of: "hall") }
        for person in crowd { person.react(seq, "👍", in: "hall") }
        let last = crowd[69].history(before: seq + 1, limit: 1, in: "hall")[0].reactions[0]
        #expect(last.count == 70)
        #expect(last.people.count == 51 && last.people.last == crowd[69].id.text)
        #expect(ann.history(before: seq + 1, limit: 1, in: "hall")[0].reactions[0].people.count == 50)
    }

    // MARK: Reporting

    @Test("a report is kept, moderators who are there are told, and plugins hear of it") func reports() throws {
        let (_, bob, seq) = party(world, saying: "rude")
        let admin = world.member("admin", of: "lounge", isAdmin: true)
        #expect(bob.ask(.report(.init(room: "lounge", of: seq, why: "rude")))?.isOK == true)
        #expect(bob.ask(.report(.init(room: "lounge", of: seq, why: "very rude")))?.isOK == true)
        let report = try #require(world.engine.reports.values.first)
        #expect(world.engine.reports.count == 1)
        #expect((report.seq, report.text, report.why, report.name) == (seq, "rude", "rude", "bob"))
        #expect(admin.notices.map(\.text.text) == ["bob reports a message of ann, lounge:\(seq) (rude): rude"])
        #expect(bob.notices.isEmpty)
        #expect(world.hooks.happened.filter { $0.kind == .report }.map { $0.message?.seq } == [seq])
    }

    @Test("open reports outlive a restart; closed ones do not") func reportsAreKept() throws {
        let (ann, bob, seq) = party(world)
        bob.ask(.report(.init(room: "lounge", of: seq)))
        ann.delete(seq, in: "lounge")
        world.restart()
        let report = try #require(world.engine.reports.values.first)
        #expect(report.text == "helo")
        #expect(world.closeReport(report.id) == nil)
        world.settle()
        world.restart()
        #expect(world.engine.reports.isEmpty)
        #expect(world.closeReport(report.id)?.code == .notFound)
    }

    @Test("what could not be reported pushes no other report out") func reportsAreLost() {
        let world = World { $0.reports = 1 }
        let (ann, bob, seq) = party(world)
        bob.ask(.report(.init(room: "lounge", of: seq)))
        let other = ann.say("worse", in: "lounge")!.seq!
        world.journal.failure = "disk full"
        #expect(bob.ask(.report(.init(room: "lounge", of: other)))?.refusal?.code == .unavailable)
        #expect(world.engine.reports.values.map(\.seq) == [seq])
    }

    @Test("that something which waits is let through, refused or dealt with is answered when it is stored") func decisions() throws {
        world.hooks.rule = { event in
            switch event.payload {
            case .edit: Decision(.hold(reason: "look", seconds: 600, by: "p"))
            case .chat(let text, _) where text.hasPrefix("maybe"): Decision(.hold(reason: "look", seconds: 600, by: "p"))
            default: Decision(.pass)
            }
        }
        let (ann, bob, seq) = party(world)
        bob.ask(.report(.init(room: "lounge", of: seq)))
        let report = try #require(world.engine.reports.keys.first)
        let waiting = ["maybe 1", "maybe 2"].map { ann.say($0, in: "lounge") } + [ann.edit(seq, "other words", in: "lounge")]
        let ids = waiting.compactMap { if case .held(_, let id)? = $0 { id } else { nil } }
        #expect(ids.count == 3)

        world.journal.isHeld = true
        var answers: [Refusal?] = []
        world.engine.refuse(ids[0], why: "", by: "console") { answers.append($0) }
        for id in ids[1...] { world.engine.approve(id, by: "console") { answers.append($0) } }
        world.engine.closeReport(report) { answers.append($0) }
        world.settle()
        #expect(answers.isEmpty)

        // Until then all of it may be open again.
        world.restart()
        #expect(Set(world.engine.reviews.map(\.id)) == Set(ids))
        #expect(world.engine.reports.keys.first == report)
        world.journal.isHeld = false

        world.engine.refuse(ids[0], why: "", by: "console") { answers.append($0) }
        for id in ids[1...] { world.engine.approve(id, by: "console") { answers.append($0) } }
        world.engine.closeReport(report) { answers.append($0) }
        world.settle()
        #expect(answers.count == 4 && answers.allSatisfy { $0 == nil })
        world.restart()
        #expect(world.engine.reviews.isEmpty && world.engine.reports.isEmpty)
        #expect(world.stored("lounge").compactMap(\.text).suffix(2) == ["other words", "maybe 2"])
    }

    @Test("a held edit waits on when its message cannot be read") func unreadable() {
        world.hooks.rule = { if case .edit = $0.payload { Decision(.hold(reason: "look", seconds: 600, by: "p")) } else { Decision(.pass) } }
        let world = self.world
        let (ann, _, seq) = party(world)
        guard case .held(_, let id)? = ann.edit(seq, "new", in: "lounge") else { return #expect(Bool(false), "not held") }
        for number in 1...300 { ann.say("\(number)", in: "lounge") }
        world.journal.isUnreadable = true
        #expect(world.approve(id)?.code == .unavailable)
        #expect(world.engine.reviews.map(\.id) == [id])
        world.journal.isUnreadable = false
        #expect(world.approve(id) == nil)
        #expect(world.stored("lounge")[Int(seq) - 1].text == "new")
    }

    @Test("nobody reports themselves") func ownMessage() {
        let (ann, _, seq) = party(world)
        #expect(ann.ask(.report(.init(room: "lounge", of: seq)))?.refusal?.code == .badRequest)
    }

    @Test("a room has so many open reports; the oldest give way") func fewReports() {
        let world = World { $0.reports = 2 }
        let (ann, bob, _) = party(world)
        for number in 1...3 {
            bob.ask(.report(.init(room: "lounge", of: ann.say("bad \(number)", in: "lounge")!.seq!)))
            world.advance(seconds: 1)
        }
        #expect(world.engine.reports.values.map(\.text).sorted() == ["bad 2", "bad 3"])
        #expect(world.journal.contents.reports.count == 2)
    }

    // MARK: Plugins

    @Test("plugins change and stop edits, deletions and reactions") func hooks() {
        world.hooks.rule = { event in
            switch event.payload {
            case .edit(let message, let text): event.payload = .edit(message: message, text: text.uppercased())
            case .delete, .react: return Decision(.drop(Refusal(.refused, "no"), silent: false))
            default: break
            }
            return Decision(.pass)
        }
        let (ann, bob, seq) = party(world)
        ann.edit(seq, "loud", in: "lounge")
        #expect(bob.view[seq]?.text == "LOUD")
        #expect(ann.delete(seq, in: "lounge")?.refusal?.text == "no")
        #expect(bob.react(seq, "👍", in: "lounge")?.refusal?.text == "no")
        #expect(bob.view[seq]?.content == .text("LOUD"))
    }

    @Test("an edit that is held happens when a moderator approves it, and not if the message is gone") func held() throws {
        world.hooks.rule = { event in
            if case .edit = event.payload { Decision(.hold(reason: "look", seconds: 600, by: "p")) } else { Decision(.pass) }
        }
        let (ann, bob, seq) = party(world)
        guard case .held(_, let first)? = ann.edit(seq, "first", in: "lounge") else { return #expect(Bool(false), "not held") }
        #expect(world.approve(first) == nil)
        world.settle()
        #expect(bob.view[seq]?.text == "first")
        guard case .held(_, let second)? = ann.edit(seq, "second", in: "lounge") else { return #expect(Bool(false), "not held") }
        ann.delete(seq, in: "lounge")
        #expect(world.approve(second)?.code == .notFound)
        #expect(bob.view[seq]?.content == nil)
        #expect(ann.notices.last?.text.text == "The message is gone.")
    }

    @Test("messages from before somebody came are what the plugins leave of them; their own time is theirs") func history() {
        let (ann, bob, seq) = party(world, saying: "old secret")
        ann.say("old news", in: "lounge")
        ann.edit(seq, "old secret!", in: "lounge")
        world.hooks.rule = { event in
            guard case .history(let messages) = event.payload else { return Decision(.pass) }
            event.payload = .history(messages.filter { $0.text?.contains("secret") == false })
            return Decision(.pass)
        }
        let carol = world.member("carol", of: "lounge")
        #expect(carol.texts == ["old news"])
        #expect(!"\(carol.events)".contains("secret"))
        #expect(!"\(carol.history(in: "lounge"))".contains("secret"))
        ann.say("new secret", in: "lounge")
        #expect(carol.history(in: "lounge").compactMap(\.text) == ["old news", "new secret"])
        #expect(bob.history(in: "lounge").compactMap(\.text).contains("new secret"))
    }

    @Test("whoever enters while plugins think about the history misses nothing") func slowHistory() {
        let (ann, _, _) = party(world)
        world.hooks.rule = { event in if case .history = event.payload { nil } else { Decision(.pass) } }
        let carol = world.visitor("carol")
        carol.join("lounge")
        ann.say("meanwhile", in: "lounge")
        #expect(carol.messages.compactMap(\.joined).isEmpty)
        world.hooks.answer()
        ann.say("after", in: "lounge")
        #expect(carol.texts == ["helo", "meanwhile", "after"])
        #expect(carol.events.map(\.seq) == Array(1...(ann.events.last!.seq)))
    }
}
