import RoomEngine

/// Plugins in a simulation: they pass, change, drop, deny, fail and take their time, by chance.
final class SimulatedHooks: Hooks {
    struct Waiting {
        let event: HookEvent
        let then: (Decision) -> Void
    }

    private(set) var waiting: [Waiting] = []
    /// Set at the end: everything passes at once.
    var isCalm = false
    private let chance: Chance
    private let ledger: Ledger
    private let sabotage: Sabotage
    private var changes = 0
    /// Whose hooks these are.
    unowned var engine: Engine!
    /// What one of the plugins counts in each room, and keeps.
    private var counted: [RoomID: Int] = [:]

    init(chance: Chance, ledger: Ledger, sabotage: Sabotage) {
        self.chance = chance
        self.ledger = ledger
        self.sabotage = sabotage
    }

    func decide(_ event: HookEvent, then: @escaping (Decision) -> Void) {
        if event.kind == .color { ledger.comesToTheDoor(event) }
        if !isCalm, chance.happens(12, of: 100) { return waiting.append(Waiting(event: event, then: then)) }
        then(decision(about: event))
    }

    /// Decides about something that has waited; not in the order of asking, as rooms do not wait for one another.
    func answerSome() {
        guard !waiting.isEmpty else { return }
        let one = waiting.remove(at: chance.number(waiting.count))
        one.then(decision(about: one.event))
    }

    /// The plugins are loaded anew, with what is kept of them.
    func restart(_ engine: Engine, _ stores: [StoreChange]) {
        self.engine = engine
        waiting = []
        counted = Dictionary(uniqueKeysWithValues: stores.map { (RoomID($0.key), Int($0.value ?? "") ?? 0) })
    }

    /// A plugin notes that it has seen another message of the room.
    private func count(_ event: HookEvent) {
        guard let room = event.room?.id, event.person != nil else { return }
        counted[room, default: 0] += 1
        engine.perform([.store(StoreChange(plugin: "counter", scope: "", key: room.text, value: "\(counted[room]!)"))])
    }

    private func decision(about event: HookEvent) -> Decision {
        let dice = isCalm ? 0 : chance.number(100)
        switch event.payload {
        case .chat(let text, let replyTo):
            guard let room = event.room else { return pass(event) }
            count(event)
            switch dice {
            case 0..<65: return pass(event)
            case 65..<70: return pass(event, effects: [.say(room.id, text: "echo", by: "bot", hops: 1)])
            case 70..<80:
                changes += 1
                event.payload = .chat(text: "\(text) ~\(changes)", replyTo: replyTo)
                let decision = pass(event)
                if sabotage.forgetsChange() { event.payload = .chat(text: text, replyTo: replyTo) }
                return decision
            case 80..<95: return sabotage.decided(Decision(.drop(Refusal(.refused, "no"), silent: false)))
            default: return sabotage.decided(Decision(.hold(reason: "a plugin failed", seconds: 600, by: "simulation")))
            }
        case .edit(let message, let text):
            switch dice {
            case 0..<75: return pass(event)
            case 75..<82:
                changes += 1
                event.payload = .edit(message: message, text: "\(text) ~\(changes)")
                let decision = pass(event)
                if sabotage.forgetsChange() { event.payload = .edit(message: message, text: text) }
                return decision
            case 82..<95:
                return sabotage.strikes(.hooksDropOfEditIsIgnored) ? Decision(.pass) : Decision(.drop(Refusal(.refused, "no"), silent: false))
            default: return Decision(.hold(reason: "a plugin failed", seconds: 600, by: "simulation"))
            }
        case .whisper:
            switch dice {
            case 0..<70: return pass(event)
            case 70..<85: return sabotage.strikes(.hooksDropOfWhisperIsIgnored, 50) ? Decision(.pass) : Decision(.drop(Refusal(.refused, "no"), silent: false))
            default: return Decision(.hold(reason: "a plugin failed", seconds: 10, by: "simulation"))
            }
        case .moderation(let wanted, _):
            if dice >= 85 { return Decision(.deny(Refusal(.refused, "no"))) }
            ledger.decided(wanted, event)
            return Decision(.pass)
        case .topic: return dice < 90 ? Decision(.pass) : Decision(.deny(Refusal(.refused, "no")))
        case .delete, .react:
            return dice < 92 ? pass(event) : Decision(.drop(Refusal(.refused, "no"), silent: false))
        case .join:
            if dice < 88 { return pass(event) }
            if sabotage.strikes(.hooksDenialOfJoinIsIgnored, 50) { return Decision(.pass) }
            return Decision(dice < 94 ? .hold(reason: "a stranger", seconds: 5, by: "simulation") : .deny(Refusal(.refused, "not now")))
        case .color:
            ledger.mayEnter(event)
            return Decision(.color("#123456"))
        default: return Decision(.pass)
        }
    }

    private func pass(_ event: HookEvent, effects: [Effect] = []) -> Decision {
        // A message of a plugin does not make another one.
        let effects = event.person == nil || event.kind != .chat ? [] : effects
        ledger.letPass(event)
        return Decision(.pass, effects: effects)
    }

    func happened(_ event: HookEvent) {
        ledger.require(event.kind != .chat || event.seq != nil, "plugins hear of a message without a number")
    }
    func perform(_ command: HookEvent, then: @escaping (Refusal?, [Effect]) -> Void) { then(nil, []) }
    func commands(in room: Room, for role: Role) -> [CommandInfo] { [] }
}

/// Dice that follow from a seed.
final class Chance {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// 0 ..< bound
    func number(_ bound: Int) -> Int { Int(truncatingIfNeeded: (generator.next() >> 33) % UInt64(bound)) }
    func happens(_ times: Int, of all: Int) -> Bool { number(all) < times }
}
