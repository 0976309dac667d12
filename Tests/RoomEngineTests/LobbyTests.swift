import RoomEngine
import Testing

@Suite struct LobbyTests {
    let world = World()
    let watcher: Client

    init() {
        watcher = world.visitor("watcher")
        watcher.ask(.lobby(watch: true))
        watcher.clear()
    }

    private var added: [RoomInfo] { watcher.messages.compactMap { if case .roomAdded(let info) = $0 { info } else { nil } } }
    private var changed: [RoomInfo] { watcher.messages.compactMap { if case .roomChanged(let info) = $0 { info } else { nil } } }
    private var removed: [RoomID] { watcher.messages.compactMap { if case .roomRemoved(let id) = $0 { id } else { nil } } }

    @Test("the lobby hears of new, changed and removed rooms, once each")
    func changes() {
        world.room("lounge")
        #expect(added.map(\.id) == ["lounge"])
        _ = world.member("ann", of: "lounge")
        world.advance(seconds: 1)
        #expect(changed.map(\.count) == [1])
        let room = world.engine.rooms["lounge"]!
        world.engine.remove(room, reason: "console")
        world.engine.remove(room, reason: "console")
        world.advance(seconds: 1)
        #expect(removed == ["lounge"])
        #expect(changed.count == 1)
    }

    @Test("a room that is removed twice while plugins think is removed once")
    func removedTwice() {
        world.room("lounge")
        let ann = world.member("ann", of: "lounge")
        world.hooks.rule = { $0.kind == .chat ? nil : Decision(.pass) }
        ann.send(.chat(.init(room: "lounge", text: "wait")))
        let room = world.engine.rooms["lounge"]!
        world.engine.remove(room, reason: "console")
        world.engine.remove(room, reason: "console")
        world.hooks.answer()
        world.settle()
        #expect(removed == ["lounge"])
    }

    @Test("many changes in a short time are told together")
    func together() {
        world.room("lounge", max: 100)
        for number in 1...50 { _ = world.member("m\(number)", of: "lounge") }
        world.advance(seconds: 1)
        #expect(changed.map(\.count) == [50])
    }

    @Test("the rooms are listed, those with most people first")
    func listing() {
        for id in ["a", "b", "c"] as [RoomID] { world.room(id) }
        _ = world.member("ann", of: "b")
        guard case .rooms(_, let rooms)? = watcher.ask(.lobby(watch: true)) else {
            Issue.record("no rooms")
            return
        }
        #expect(rooms.map(\.id) == ["b", "a", "c"])
    }

    @Test("no password and no hash of one is shown to anybody")
    func secret() {
        world.room("vault", password: "sesame")
        let ann = world.visitor("ann")
        ann.join("vault", password: "sesame")
        ann.ask(.lobby(watch: true))
        world.engine.perform([.change("vault", RoomChange(topic: "gold"), by: .console)])
        world.advance(seconds: 1)
        #expect(added.map(\.hasPassword) == [true])
        for client in [watcher, ann] {
            let all = client.messages.map { "\($0)" }.joined()
            #expect(!all.contains("sesame"))
            #expect(!all.contains("hash of"))
        }
        #expect(!"\(world.stored("vault"))".contains("sesame"))
    }

    @Test("who stops watching hears no more")
    func unwatch() {
        watcher.ask(.lobby(watch: false))
        watcher.clear()
        world.room("lounge")
        #expect(watcher.messages.isEmpty)
    }

    @Test("a connection that is gone listens to nothing any more")
    func gone() {
        world.room("lounge")
        watcher.join("lounge")
        watcher.disconnect()
        #expect(world.outbox.topics.values.allSatisfy { !$0.contains(watcher.connection) })
    }
}
