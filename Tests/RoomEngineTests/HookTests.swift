import RoomEngine
import Testing

@Suite struct HookTests {
    let world = World()
    let ann: Client
    let bob: Client

    init() {
        world.room("lounge")
        ann = world.member("ann", of: "lounge")
        bob = world.member("bob", of: "lounge")
    }

    private func onChat(_ decide: @escaping (HookEvent, String) -> Decision?) {
        world.hooks.rule = { event in
            guard case .chat(let text, _) = event.payload else { return Decision(.pass) }
            return decide(event, text)
        }
    }

    private func drop(_ text: String) -> Decision {
        Decision(.drop(Refusal(.refused, text, by: "guard", retryAfter: 30), silent: false))
    }

    @Test("a message that passes is told to the plugins with its number, once it is stored")
    func pass() {
        world.journal.isHeld = true
        ann.send(.chat(.init(room: "lounge", text: "hello")))
        world.settle()
        #expect(world.hooks.happened.allSatisfy { $0.kind != .chat })
        world.journal.isHeld = false
        world.settle()
        #expect(world.hooks.happened.filter { $0.kind == .chat }.map(\.seq) == [3])
    }

    @Test("what is published is what passed, in exactly that form")
    func modify() {
        onChat { event, text in
            event.payload = .chat(text: text.uppercased(), replyTo: nil)
            return Decision(.pass)
        }
        #expect(ann.say("hello", in: "lounge")?.seq == 3)
        #expect(bob.texts == ["HELLO"])
        #expect(world.stored("lounge").compactMap(\.text) == ["HELLO"])
    }

    @Test("a dropped message is seen by nobody; its author is told why and by whom")
    func dropped() throws {
        onChat { _, _ in drop("No links.") }
        let refusal = try #require(ann.say("http://x", in: "lounge")?.refusal)
        #expect(refusal == Refusal(.refused, "No links.", by: "guard", retryAfter: 30))
        #expect(bob.texts.isEmpty)
        #expect(world.stored("lounge").count == 2)
        #expect(world.hooks.happened.allSatisfy { $0.kind != .chat })
    }

    @Test("a join that is denied is none, and the person is told why")
    func deny() throws {
        world.hooks.rule = {
            $0.kind == .join ? Decision(.deny(Refusal(.refused, "Members only.", by: "door"))) : Decision(.pass)
        }
        let refusal = try #require(world.visitor("cem").join("lounge")?.refusal)
        #expect(refusal.text == "Members only." && refusal.by == "door")
        #expect(world.stored("lounge").count == 2)
        #expect(world.engine.rooms["lounge"]?.members.count == 2)
    }

    @Test("a plugin gives members their colour, from their seed and not from their id")
    func color() {
        var seed: String?
        world.hooks.rule = { event in
            guard case .color(let given) = event.payload else { return Decision(.pass) }
            seed = given
            return Decision(.color("#abcdef"))
        }
        #expect(world.visitor("cem").join("lounge")?.joined?.you.color == "#abcdef")
        #expect(seed == "seed of cem")
        #expect(bob.events.last?.author?.color == "#abcdef")
    }

    @Test("effects happen with the message that passed, not before it is stored")
    func effects() {
        let id = ann.id
        onChat { _, _ in Decision(.pass, effects: [.tell(id, room: nil, LocalizedText("noted"), by: "guard")]) }
        world.journal.isHeld = true
        ann.send(.chat(.init(room: "lounge", text: "hello")))
        world.settle()
        #expect(ann.notices.isEmpty)
        world.journal.isHeld = false
        world.settle()
        #expect(ann.notices.map(\.text.text) == ["noted"])
    }

    @Test("effects of a message that could not be stored do not happen")
    func effectsOfNothing() {
        let id = ann.id
        onChat { _, _ in Decision(.pass, effects: [.tell(id, room: nil, LocalizedText("noted"), by: "guard")]) }
        world.journal.failure = "disk full"
        ann.say("hello", in: "lounge")
        #expect(ann.notices.isEmpty)
    }

    @Test("effects of a refusal happen with it: dropped and muted in one decision")
    func effectsOfRefusal() {
        let id = ann.id
        onChat { _, _ in
            var decision = drop("Enough.")
            decision.effects = [.moderate(Moderation(.mute, room: "lounge", person: id, seconds: 60, by: .plugin("guard", hops: 1)))]
            return decision
        }
        #expect(ann.say("spam", in: "lounge")?.refusal?.code == .refused)
        #expect(ann.say("spam", in: "lounge")?.refusal?.code == .muted)
    }

    @Test("a plugin's own message follows what it answers, and asks the plugins as well")
    func say() {
        onChat { event, text in
            guard case .person = event.origin else { return text == "secret" ? drop("no") : Decision(.pass) }
            return Decision(.pass, effects: [
                .say("lounge", text: "secret", by: "bot", hops: 1), .say("lounge", text: "echo \(text)", by: "bot", hops: 1),
            ])
        }
        ann.say("hello", in: "lounge")
        #expect(bob.texts == ["hello", "echo hello"])
        #expect(bob.events.last?.author?.isBot == true)
    }

    @Test("two tabs that join while plugins decide are one member with one join")
    func twoTabs() {
        world.hooks.rule = { $0.kind == .join ? nil : Decision(.pass) }
        let cem = world.visitor("cem")
        let tab = cem.anotherTab()
        let first = cem.send(.join(.init(room: "lounge")))
        let second = tab.send(.join(.init(room: "lounge")))
        world.settle()
        #expect(world.hooks.waiting.count == 1)
        world.hooks.answer()
        world.settle()
        #expect(cem.answer(to: first)?.joined != nil && tab.answer(to: second)?.joined != nil)
        #expect(world.stored("lounge").compactMap(\.movement).filter { $0 == "join cem" }.count == 1)
    }

    @Test("who is gone before the plugins have decided does not take a seat")
    func gone() {
        world.hooks.rule = { $0.kind == .join ? nil : Decision(.pass) }
        let cem = world.visitor("cem")
        cem.send(.join(.init(room: "lounge")))
        cem.disconnect()
        world.hooks.answer()
        world.settle()
        #expect(world.engine.rooms["lounge"]?.members.count == 2)
        #expect(world.stored("lounge").count == 2)
    }

    @Test("a slash command is carried out, answered, and shown to nobody")
    func command() {
        var ran: [String] = []
        world.hooks.command = { event in
            guard case .command(let name, let arguments) = event.payload else { return (nil, []) }
            ran.append("\(name) \(arguments)")
            return name == "roll" ? (nil, [.system("lounge", LocalizedText("4"), key: nil, values: [:], by: "dice", hops: 1)]) : (Refusal(.notFound, "?"), [])
        }
        #expect(ann.say("/ROLL  2d6 +1", in: "lounge")?.isOK == true)
        #expect(ann.say("/what", in: "lounge")?.refusal?.code == .notFound)
        #expect(ran == ["roll 2d6 +1", "what "])
        #expect(bob.texts == ["4"])
    }

    @Test("plugins hear of an exit with its reason and time")
    func exit() {
        world.advance(seconds: 90)
        world.engine.kick(bob.id, from: "lounge", reason: "", by: "ann")
        world.settle()
        guard case .exit(let reason, let by, let seconds)? = world.hooks.happened.last?.payload else {
            Issue.record("no exit")
            return
        }
        #expect(reason == .kicked && by == "ann" && seconds == 90)
    }
}
