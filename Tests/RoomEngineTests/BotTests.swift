import RoomEngine
import Testing

@Suite struct BotTests {
    let world = World()
    let ann: Client

    init() {
        world.room("lounge")
        ann = world.member("ann", of: "lounge")
    }

    private func bot(_ permissions: Set<BotPermission>) -> Client {
        Client(Bot(id: "b_1", name: "beeper", permissions: permissions, colorSeed: "seed", createdAt: 0).record, in: world)
    }

    @Test("a bot is a member that is shown as a bot, in what is stored too")
    func shown() {
        let bot = bot([.chatSend])
        #expect(bot.join("lounge")?.joined?.you.isBot == true)
        bot.say("beep", in: "lounge")
        #expect(ann.events.compactMap(\.author?.isBot) == [false, true, true])
        #expect(world.stored("lounge").compactMap(\.author?.isBot) == [false, true, true])
    }

    @Test("each thing a bot does needs its permission, and no other does for it", arguments: [
        (.chatSend, .chat(.init(room: "lounge", text: "beep"))), (.chatSend, .edit(.init(room: "lounge", of: 1, text: "boop"))),
        (.chatSend, .react(.init(room: "lounge", of: 1, emoji: "🤖"))), (.chatSend, .report(.init(room: "lounge", of: 1))), (.chatSend, .typing(room: "lounge", on: true)),
        (.whisperSend, .whisper(room: "lounge", to: "u_ann", text: "psst", cid: nil)), (.historyRead, .history(room: "lounge", before: 9, limit: 9)),
        (.roomCreate, .create(NewRoom(title: "mine"))), (.roomRemove, .remove("lounge")), (.roomSet, .set("lounge", RoomChange(topic: "tea"))),
        (.roomTransfer, .role(.owner, room: "lounge", person: "u_ann")), (.chatHold, .review(room: "lounge", id: "h_1", isApproved: true, why: "")),
        (.userKick, .moderate(.kick, room: "lounge", person: "u_ann", seconds: nil, reason: "")),
        (.userMute, .moderate(.mute, room: "lounge", person: "u_ann", seconds: 9, reason: "")), (.userMute, .pardon(.mute, room: "lounge", person: "u_ann")),
        (.userBan, .moderate(.ban, room: "lounge", person: "u_ann", seconds: 9, reason: "")), (.userBan, .pardon(.ban, room: "lounge", person: "u_ann")),
        (.userBan, .restrictions("lounge")),
    ] as [(BotPermission, Command)])
    func permissions(permission: BotPermission, command: Command) {
        let without = bot(Set(BotPermission.allCases).subtracting([permission]))
        without.join("lounge")
        #expect(without.ask(command)?.refusal?.code == .forbidden)
        without.disconnect()
        world.advance(seconds: 60)
        let with = bot([permission])
        with.join("lounge")
        let answer = with.ask(command)
        #expect(answer?.refusal?.code != .forbidden)
    }

    @Test("a bot deletes what it has said, and what others have with a permission for that", arguments: [true, false])
    func deletes(mayRedact: Bool) {
        let bot = bot(mayRedact ? [.chatSend, .historyRedact] : [.chatSend])
        bot.join("lounge")
        let (own, anns) = (bot.say("beep", in: "lounge")?.seq ?? 0, ann.say("hello", in: "lounge")?.seq ?? 0)
        #expect(bot.delete(own, in: "lounge")?.isOK == true)
        #expect(bot.delete(anns, in: "lounge")?.refusal?.code == (mayRedact ? nil : .forbidden))
        #expect((ann.view[anns]?.content == nil) == mayRedact)
    }

    @Test("a bot acts upon members and moderators, in rooms that it has joined, and not upon owners")
    func limits() {
        let bot = bot([.userKick, .roomTransfer])
        #expect(bot.ask(.moderate(.kick, room: "lounge", person: ann.id, seconds: nil, reason: ""))?.refusal?.code == .notMember)
        bot.join("lounge")
        #expect(bot.ask(.role(.owner, room: "lounge", person: ann.id))?.isOK == true)
        #expect(bot.ask(.moderate(.kick, room: "lounge", person: ann.id, seconds: nil, reason: ""))?.refusal?.code == .forbidden)
        let bob = world.member("bob", of: "lounge")
        #expect(bot.ask(.role(.moderator, room: "lounge", person: bob.id))?.isOK == true)
        #expect(bot.ask(.moderate(.kick, room: "lounge", person: bob.id, seconds: nil, reason: "too loud"))?.isOK == true)
        #expect(bob.bye?.code == .kicked)
    }

    @Test("a bot keeps its token's name and has no slash commands", arguments: [
        .name("somebody"), .chat(.init(room: "lounge", text: "/kick ann")),
    ] as [Command])
    func people(command: Command) {
        let bot = bot(Set(BotPermission.allCases))
        bot.join("lounge")
        #expect(bot.ask(command)?.refusal?.code == .forbidden)
    }

    @Test("an expelled bot's seats are free at once and its connections are told")
    func expelled() {
        let bot = bot([])
        bot.join("lounge")
        world.engine.expel(bot.id, Closing(.policy, "The token was revoked."))
        world.settle()
        #expect(bot.bye?.code == .policy)
        #expect(ann.events.last?.movement == "exit beeper left")
    }
}
