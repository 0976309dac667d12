import RoomEngine

/// What people and the console have decided about rooms and about one another, kept apart from the engine so that what that
/// does can be judged by it. A decision is in force from when it is made; once it is acknowledged, no crash undoes it.
final class Rules {
    struct Settings {
        var max: Int
        var locked = false
        var slow = 0

        func with(_ change: RoomChange) -> Settings {
            Settings(max: change.max ?? max, locked: change.locked ?? locked, slow: change.slow ?? slow)
        }
    }

    private enum Promise {
        case restricted(until: Int64)
        case lifted
    }

    private struct Course {
        var settings: Settings
        /// What has been asked for and not been answered: it may be in force or not.
        var pending: [(name: String, change: RoomChange)] = []
        /// The last change of somebody's role, once it is acknowledged.
        var role: (person: PersonID, role: Role)?
        var lastRole = ""
    }

    private let journal: TestJournal
    private let clock: VirtualClock
    private let fail: (String) -> Void
    private var inForce: [String: (until: Int64, by: String)] = [:]
    /// The name of the last decision about each restriction.
    private var latest: [String: String] = [:]
    private var open: [String: (key: String, promise: Promise)] = [:]
    private var promised: [String: Promise] = [:]
    /// Whose decisions the console is just taking back.
    private var takenBack: Set<String> = []
    private var courses: [RoomID: Course]
    private var reported: [String: (room: RoomID, seq: Int64, by: PersonID)] = [:]
    private(set) var isShielded: Set<RoomID> = []

    init(journal: TestJournal, clock: VirtualClock, seats: [(room: RoomID, max: Int)], fail: @escaping (String) -> Void) {
        self.journal = journal
        self.clock = clock
        self.fail = fail
        courses = Dictionary(uniqueKeysWithValues: seats.map { ($0.room, Course(settings: Settings(max: $0.max))) })
    }

    private static func key(_ kind: Restriction.Kind, _ room: RoomID, _ person: PersonID) -> String { "\(kind) \(room) \(person)" }

    // MARK: Restrictions

    func isRestricted(_ kind: Restriction.Kind, _ room: RoomID, _ person: PersonID) -> Bool {
        inForce[Self.key(kind, room, person)].map { $0.until > clock.now.wall } ?? false
    }

    func isSilenced(_ room: RoomID, _ person: PersonID) -> Bool { isRestricted(.mute, room, person) || isRestricted(.ban, room, person) }

    /// A decision is made: from now on it is in force.
    func restrict(_ kind: Restriction.Kind, _ room: RoomID, _ person: PersonID, until: Int64, by: String, name: String) {
        let key = Self.key(kind, room, person)
        begin(name, key, .restricted(until: until))
        inForce[key] = (until, by)
        // It may be taken back any moment.
        if takenBack.contains(by) { (inForce[key], open[name]) = (nil, nil) }
    }

    /// A kick keeps out for a while, and shortens no ban.
    func kick(_ room: RoomID, _ person: PersonID, until: Int64, by: String, name: String) {
        if let ban = inForce[Self.key(.ban, room, person)], ban.until >= until { return }
        restrict(.ban, room, person, until: until, by: by, name: name)
    }

    func lift(_ kind: Restriction.Kind, _ room: RoomID, _ person: PersonID, name: String) {
        let key = Self.key(kind, room, person)
        begin(name, key, .lifted)
        inForce[key] = nil
    }

    private func begin(_ name: String, _ key: String, _ promise: Promise) {
        latest[key] = name
        promised[key] = nil
        open[name] = (key, promise)
    }

    /// Whoever decided it has been told that it is done.
    func acknowledge(_ name: String) {
        guard let (key, promise) = open.removeValue(forKey: name), latest[key] == name else { return }
        promised[key] = promise
    }

    /// Nothing is known any more of what somebody has decided, while the console takes it back and afterwards.
    func takeBack(_ person: PersonID, isDone: Bool) {
        if isDone { takenBack.remove(person.text) } else { takenBack.insert(person.text) }
        for (key, restriction) in inForce where restriction.by == person.text {
            inForce[key] = nil
            (latest[key], promised[key]) = (nil, nil)
        }
    }

    /// Restrictions may be back that were taken back.
    func undo() {
        promised = [:]
        latest = [:]
    }

    func forget(_ person: PersonID) {
        for key in Set(inForce.keys).union(promised.keys) where key.hasSuffix(" \(person)") {
            (inForce[key], latest[key], promised[key]) = (nil, nil, nil)
        }
        for room in courses.keys { courses[room]?.role = nil }
        forgetReports()
    }

    /// What is not in the journal any more, and need not be.
    func forgetReports() {
        let stored = Set(journal.contents.reports.values.map { "\($0.room) \($0.seq) \($0.by)" })
        reported = reported.filter { stored.contains($0.key) }
    }

    // MARK: Rooms

    /// What certainly holds: what has been asked for and is not answered may be in force already, or not yet.
    func settings(_ room: RoomID) -> Settings {
        guard let course = courses[room] else { return Settings(max: 0) }
        return course.pending.reduce(course.settings) { certain, pending in
            let changed = certain.with(pending.change)
            return Settings(max: max(certain.max, changed.max), locked: certain.locked && changed.locked, slow: min(certain.slow, changed.slow))
        }
    }

    func ask(_ change: RoomChange, _ room: RoomID, name: String) { courses[room]?.pending.append((name, change)) }

    func answered(_ room: RoomID, name: String, isDone: Bool) {
        guard var course = courses[room], let index = course.pending.firstIndex(where: { $0.name == name }) else { return }
        let change = course.pending.remove(at: index).change
        if isDone {
            course.settings = course.settings.with(change)
            for earlier in course.pending.indices.prefix(index) {
                if change.max != nil { course.pending[earlier].change.max = nil }
                if change.locked != nil { course.pending[earlier].change.locked = nil }
                if change.slow != nil { course.pending[earlier].change.slow = nil }
            }
        }
        courses[room] = course
    }

    func shield(_ room: RoomID, _ isUp: Bool) { if isUp { isShielded.insert(room) } else { isShielded.remove(room) } }

    // MARK: Roles and reports

    func askRole(_ room: RoomID, name: String) {
        courses[room]?.role = nil
        courses[room]?.lastRole = name
    }

    func gave(_ role: Role, _ person: PersonID, _ room: RoomID, name: String) {
        if courses[room]?.lastRole == name { courses[room]?.role = (person, role) }
    }

    func reported(_ room: RoomID, _ seq: Int64, by: PersonID) { reported["\(room) \(seq) \(by)"] = (room, seq, by) }

    func closed(_ report: Report) { reported["\(report.room) \(report.seq) \(report.by)"] = nil }

    // MARK: Crashes

    /// The server has died: what was acknowledged is in the journal, and what is there is in force from now on.
    func crash() {
        let contents = journal.contents
        for (key, promise) in promised {
            let stored = contents.restrictions[key]
            switch promise {
            case .restricted(let until):
                if until > clock.now.wall, stored.map({ $0.until ?? .max }) ?? 0 < until { fail("'\(key)' was acknowledged and is forgotten") }
            case .lifted: if stored?.isOver(at: clock.now.wall) == false { fail("'\(key)' was lifted and is back") }
            }
        }
        for (room, course) in courses { check(course, room, contents) }
        for report in reported.values where !contents.reports.values.contains(where: { $0.room == report.room && $0.seq == report.seq && $0.by == report.by }) {
            fail("the report of \(report.room):\(report.seq) by \(report.by) was acknowledged and is lost")
        }
        inForce = contents.restrictions.mapValues { ($0.until ?? .max, $0.by) }
        (open, latest, promised, takenBack, isShielded) = ([:], [:], [:], [], [])
    }

    private func check(_ course: Course, _ room: RoomID, _ contents: TestJournal.Contents) {
        guard let record = contents.rooms[room]?.record else { return fail("room \(room) is gone") }
        let changes = course.pending.map(\.change)
        let isKnown =
            ([course.settings.max] + changes.compactMap(\.max)).contains(record.max)
            && ([course.settings.locked] + changes.compactMap(\.locked)).contains(record.locked)
            && ([course.settings.slow] + changes.compactMap(\.slow)).contains(record.slow)
        if !isKnown { fail("the settings of \(room) were acknowledged and are forgotten") }
        if let (person, role) = course.role {
            let stored: Role =
                record.owner?.id == person.text ? .owner : contents.moderators["\(room) \(person)"] == nil ? .member : .moderator
            if stored != role { fail("\(person) was made \(role) of \(room), and is \(stored)") }
        }
        courses[room] = Course(settings: Settings(max: record.max, locked: record.locked, slow: record.slow))
    }

    /// What the journal has is in force in a server that has just started.
    func check(_ engine: Engine) {
        let contents = journal.contents
        for restriction in contents.restrictions.values where !restriction.isOver(at: clock.now.wall) {
            let room = engine.rooms[restriction.room]
            let known = restriction.kind == .ban ? room?.bans : room?.mutes
            if known?[restriction.person] != restriction { fail("a \(restriction.kind) of \(restriction.person) is forgotten at the start") }
        }
        for appointment in contents.moderators.values where engine.rooms[appointment.room]?.moderators[appointment.person] == nil {
            fail("\(appointment.person) is no moderator of \(appointment.room) any more")
        }
        if Set(engine.reports.keys) != Set(contents.reports.keys) { fail("reports are forgotten at the start") }
    }
}
