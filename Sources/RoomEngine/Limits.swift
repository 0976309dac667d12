/// What the engine allows. Each is a setting; times are milliseconds.
package struct Limits: Sendable, Equatable {
    /// Characters (Unicode scalars) of a message.
    package var text = 4_000
    package var title = 60
    package var name = 32
    package var topic = 200
    /// Tags of a room.
    package var tags = 16
    package var smallestRoom = 2
    package var largestRoom = 10_000
    package var rooms = 10_000

    /// Messages a person may send at once, and then per second. 0 per second: no limit.
    package var burst = 10
    package var rate = 5.0
    /// Password attempts per person and per address in a minute.
    package var passwordAttempts = 5

    /// How long a person may change what they wrote; 0 for not at all.
    package var editWindow: Int64 = 86_400_000
    /// Different emoji under one message, and of one person under one message.
    package var reactions = 20
    package var reactionsOfOne = 5
    /// Characters of a reason that a person gives.
    package var reason = 500
    /// Open reports in a room; with more, the oldest are let go of.
    package var reports = 200
    /// How long what an operator took out can be put back.
    package var undo: Int64 = 600_000

    /// How long a person whose last connection is gone keeps their seat.
    package var resumeGrace: Int64 = 15_000
    /// How long a room that people made is kept when it is empty.
    package var roomGrace: Int64 = 600_000
    /// How long a kicked person stays out.
    package var kickedFor: Int64 = 60_000

    /// Events a resuming client gets at most; with a longer gap it starts anew from the latest page.
    package var resumeEvents = 500
    /// Events of the first page of a room.
    package var pageEvents = 50
    /// Members that `joined` lists at most.
    package var listedMembers = 500
    /// Events a room keeps in memory while somebody is in it.
    package var recentEvents = 256
    /// What is kept of rooms that have no retention of their own.
    package var retention = Retention.forever
    /// How often rooms are looked through for what is not to be kept any longer; events that go in one piece, and the pause
    /// after it.
    package var forgetInterval: Int64 = 60_000
    package var forgottenAtOnce = 500
    package var forgetPause: Int64 = 100
    /// A change of the wall clock that is somebody's doing; nothing is removed for its age until so long after it.
    package var clockJump: Int64 = 3_600_000
    package var steadyAfter: Int64 = 86_400_000

    /// Writes that go to the journal at once, if no single turn has more: what follows from them waits in memory to be written.
    package var batch = 2_000

    /// How often the lobby hears of changed rooms.
    package var lobbyInterval: Int64 = 250

    package init() {}
}
