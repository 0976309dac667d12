/// What somebody wants a moderator to look at.
package struct Report: Sendable, Equatable {
    package var id: String
    package var room: RoomID
    /// The number of the message.
    package var seq: Int64
    /// Whose message it is.
    package var author: MemberInfo
    /// What it said when it was reported. Kept until the report is closed, even if the message is changed or deleted.
    package var text: String
    package var by: PersonID
    package var name: String
    package var why: String
    /// Milliseconds since 1970.
    package var at: Int64

    package init(
        id: String, room: RoomID, seq: Int64, author: MemberInfo, text: String, by: PersonID, name: String, why: String, at: Int64
    ) {
        self.id = id
        self.room = room
        self.seq = seq
        self.author = author
        self.text = text
        self.by = by
        self.name = name
        self.why = why
        self.at = at
    }
}

extension Engine {
    /// A person reports a message: it is kept for the console, moderators who are there are told, and the plugins hear of it.
    /// To report the same message again changes nothing.
    func report(_ complaint: Command.Complaint, _ connection: Connection, _ reference: Reference?) {
        guard let (room, member) = seat(of: connection, in: complaint.room, reference) else { return }
        guard checkRate(connection, reference) else { return }
        if let refusal = problem(withReason: complaint.why) { return refuse(connection, reference, refusal) }
        room.enqueue(for: member) { [self] done in
            if let refusal = refusal(toAct: member, room) {
                refuse(connection, reference, refusal)
                return done()
            }
            lookUp(complaint.of, in: room) { [self] found in
                defer { done() }
                switch found {
                case .failure(let refusal): refuse(connection, reference, refusal)
                case .success(let message): report(message, complaint.why, by: member, in: room, connection, reference)
                }
            }
        }
    }

    private func report(_ message: Event, _ why: String, by member: Member, in room: Room, _ connection: Connection, _ reference: Reference?) {
        let person = member.person
        if isErased(person.id) { return refuse(connection, reference, .left) }
        guard message.content != nil, let author = message.author else { return refuse(connection, reference, .deleted) }
        if author.id == person.id.text { return refuse(connection, reference, Refusal(.badRequest, "That is a message of your own.", field: "of")) }
        if reports.values.contains(where: { $0.room == room.id && $0.seq == message.seq && $0.by == person.id }) {
            return outbox.send(.ok(reference, seq: nil), to: connection.id)
        }
        let report = Report(
            id: "r_" + randomID(length: 8, using: &generator), room: room.id, seq: message.seq, author: author, text: message.body.summaryText,
            by: person.id, name: person.name, why: why, at: now)
        let event = HookEvent(
            .report, room: room, person: person, at: now, origin: .person, connection: connection.id, payload: .report(message: message, why: why))
        let old = oldReports(of: room)
        stage([.report(report)] + old.map { .closeReport($0.id, room: room.id) }) { [self] result in
            guard case .stored = result else { return refuse(connection, reference, .unstored) }
            for old in old { reports[old.id] = nil }
            // The journal forgets it with the rest of theirs.
            if isErased(person.id) || isErased(message) { return refuse(connection, reference, .left) }
            reports[report.id] = report
            outbox.send(.ok(reference, seq: nil), to: connection.id)
            let reason = why.isEmpty ? "" : " (\(why))"
            let text = "\(person.name) reports a message of \(author.name), \(room.id):\(message.seq)\(reason): \(report.text)"
            tellModerators(of: room, text, besides: author.id)
            hooks.happened(event)
        }
    }

    /// The oldest reports of a room that has too many for another one.
    private func oldReports(of room: Room) -> [Report] {
        let open = reports.values.filter { $0.room == room.id }.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
        return Array(open.prefix(max(0, open.count - limits.reports + 1)))
    }

    /// A moderator has dealt with it.
    /// - Parameter then: hears when that is stored, or why it is not possible
    package func closeReport(_ id: String, then: @escaping (Refusal?) -> Void) {
        guard let report = reports.removeValue(forKey: id) else { return then(Refusal(.notFound, "There is no report '\(id)'.")) }
        stageForSure([.closeReport(id, room: report.room)]) { _ in then(nil) }
    }
}
