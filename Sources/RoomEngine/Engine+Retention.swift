/// Rooms forget: what is not to be kept any longer is removed, the oldest first and a piece at a time, so that nobody waits
/// for it. Numbers stay as they are; those up to the room's horizon are gone.
extension Engine {
    /// Keeps so much of a room's past from now on; nil is what the server keeps of every room.
    package func keep(_ retention: Retention?, of room: Room) {
        room.retention = retention
        stageForSure([.keep(room.id, retention)])
        forgetOld(of: room)
    }

    /// Looks through the rooms now and then, from now on.
    func beginForgetting() {
        for room in rooms.values.sorted(by: { $0.number < $1.number }) { forgetOld(of: room) }
        after(limits.forgetInterval) { [self] in beginForgetting() }
    }

    private func forgetOld(of room: Room) {
        let retention = room.retention ?? limits.retention
        guard retention != .forever, !room.isForgetting, !room.isGone, room.horizon < room.head else { return }
        let surplus = retention.count > 0 ? room.head - retention.count : 0
        if surplus > room.horizon { return forget(room, through: min(surplus, room.horizon + Int64(limits.forgottenAtOnce))) }
        guard retention.age > 0, wallClockIsSteady else { return }
        if let first = room.firstKept, first.seq == room.horizon + 1, first.at > now - retention.age { return }
        room.isForgetting = true
        find(EventQuery(room: room.id, range: .after(room.horizon), limit: limits.forgottenAtOnce)) { [self] result in
            room.isForgetting = false
            guard case .success(let events) = result, let first = events.first else { return }
            room.firstKept = (first.seq, first.at)
            // The clock may have been wrong: what seems to be from the future goes with what is old after it, never for itself.
            let oldest = events.prefix { $0.at <= now - retention.age || $0.at > now }
            if let last = oldest.last(where: { $0.at <= now - retention.age }) { forget(room, through: last.seq) }
        }
    }

    private func forget(_ room: Room, through seq: Int64) {
        if room.isGone { return }
        room.isForgetting = true
        stage([.forget(room.id, through: seq)]) { [self] result in
            room.isForgetting = false
            // If it could not be stored, the next look tries again.
            guard case .stored = result else { return }
            room.forget(through: seq)
            after(limits.forgetPause) { [self] in forgetOld(of: room) }
        }
    }

    /// Whether the wall clock has gone on like the other one for a while. Somebody who sets it wrong has that long to see it
    /// before anything is taken for old.
    private var wallClockIsSteady: Bool {
        let offset = now - uptime
        if abs(offset - wallOffset.value) > limits.clockJump { wallOffset = (offset, uptime) }
        return wallOffset.since.map { uptime - $0 >= limits.steadyAfter } ?? true
    }
}
