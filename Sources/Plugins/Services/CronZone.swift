import Foundation

/// When a pattern comes true, by the clocks of a time zone. Times are whole seconds since 1970.
///
/// When clocks are put forward, a time of day that is skipped comes true once, at the moment of the change. When they are
/// put back, a time of day that comes twice counts the first time alone. A pattern whose hour is `*` or `*/n` goes by the
/// time that passes instead: it skips nothing that there is and repeats what comes twice.
struct CronZone {
    let cron: Cron
    let zone: TimeZone

    /// The first time after `time`, or nil if there is none within nine years (29 February can be eight years away).
    func next(after time: Int64) -> Int64? {
        // The local day before may still be under way where clocks were put back over midnight.
        var day = floorDivide(time + offset(time), Self.day) - 1
        for _ in 0..<(9 * 366) {
            if cron.matches(CivilDate(days: day)), let found = times(on: day).first(where: { $0 > time }) { return found }
            day += 1
        }
        return nil
    }

    private static let day: Int64 = 86_400

    private func offset(_ time: Int64) -> Int64 { Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time)))) }

    /// The times of one local day, in order.
    private func times(on day: Int64) -> [Int64] {
        let midnight = day * Self.day
        // Everything that is this day anywhere on earth lies between these two.
        let (first, last) = (midnight - Self.day, midnight + 2 * Self.day)
        let offsets = Set([offset(first), offset(last)])
        var change: Int64?
        var times: Set<Int64> = []
        for hour in cron.hours {
            for minute in cron.minutes {
                let local = midnight + Int64(hour * 3_600 + minute * 60)
                let found = offsets.map { local - $0 }.filter { offset($0) == local - $0 }.sorted()
                if cron.isEveryHour {
                    times.formUnion(found)
                } else if let once = found.first {
                    times.insert(once)
                } else {
                    change = change ?? self.change(between: first, and: last)
                    if let change { times.insert(change) }
                }
            }
        }
        return times.sorted()
    }

    /// The moment at which the clocks are changed.
    private func change(between first: Int64, and last: Int64) -> Int64 {
        var (before, after) = (first, last)
        let old = offset(before)
        while after - before > 1 {
            let middle = before + (after - before) / 2
            if offset(middle) == old { before = middle } else { after = middle }
        }
        return after
    }
}

private func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : (a - b + 1) / b }
