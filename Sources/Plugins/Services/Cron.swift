/// When something is to happen again and again, as crontab(5) has it: minute, hour, day of the month, month, day of the week.
///
/// Each field is `*`, a value, a range `a-b`, any of them in steps `/n`, or several of those separated by commas. Months and
/// days of the week have names too (`jan`, `mon`), and Sunday is 0 or 7. If both the day of the month and the day of the week
/// are restricted, either will do.
struct Cron: Sendable, Equatable {
    /// What is wrong with a pattern.
    struct Malformed: Error, Equatable {
        let message: String
    }

    let text: String
    let minutes: [Int]
    let hours: [Int]
    private let days: Set<Int>
    private let months: Set<Int>
    private let weekdays: Set<Int>
    /// The hour is `*` or `*/n`: it is meant by the hours that pass, not by the clock's hands.
    let isEveryHour: Bool
    private let isAnyDay: Bool
    private let isAnyWeekday: Bool

    init(_ text: String) throws(Malformed) {
        self.text = text
        let named = Self.names[text].map { $0.split(separator: " ") }
        let fields = named ?? text.split(whereSeparator: \.isWhitespace)
        guard fields.count == 5 else {
            throw Malformed(message: "'\(text)' is not five fields: minute, hour, day, month, day of the week")
        }
        minutes = try Self.values(fields[0], "minute", 0...59).sorted()
        hours = try Self.values(fields[1], "hour", 0...23).sorted()
        days = try Self.values(fields[2], "day", 1...31)
        months = try Self.values(fields[3], "month", 1...12, names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
        weekdays = Set(try Self.values(fields[4], "day of the week", 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]).map { $0 % 7 })
        isEveryHour = fields[1].first == "*"
        isAnyDay = fields[2].first == "*"
        isAnyWeekday = fields[4].first == "*"
        let longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        if isAnyWeekday, !months.contains(where: { month in days.contains { $0 <= longest[month - 1] } }) {
            throw Malformed(message: "'\(text)' never happens: no such month has that day")
        }
    }

    private static let names = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *",
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
    ]

    /// Whether it happens on a day at all.
    func matches(_ date: CivilDate) -> Bool {
        guard months.contains(date.month) else { return false }
        let day = days.contains(date.day), weekday = weekdays.contains(date.weekday)
        return isAnyDay || isAnyWeekday ? day && weekday : day || weekday
    }

    // MARK: Reading

    private static func values(_ field: Substring, _ what: String, _ range: ClosedRange<Int>, names: [String] = []) throws(Malformed) -> Set<Int> {
        var result: Set<Int> = []
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: "/", omittingEmptySubsequences: false)
            var step = 1
            if halves.count > 1 {
                guard halves.count == 2, let given = Int(halves[1]), range.upperBound >= given, given > 0 else {
                    throw Malformed(message: "the \(what) '\(part)' has no step such as /5")
                }
                step = given
            }
            let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
            let low: Int, high: Int
            if halves[0] == "*" {
                (low, high) = (range.lowerBound, range.upperBound)
            } else if ends.count == 2 {
                (low, high) = (try value(ends[0], what, range, names), try value(ends[1], what, range, names))
                if low > high { throw Malformed(message: "the \(what) '\(part)' runs backwards") }
            } else {
                low = try value(halves[0], what, range, names)
                // As cronie has it, `5/15` goes on to the end.
                high = halves.count > 1 ? range.upperBound : low
            }
            result.formUnion(stride(from: low, through: high, by: step))
        }
        return result
    }

    private static func value(_ text: Substring, _ what: String, _ range: ClosedRange<Int>, _ names: [String]) throws(Malformed) -> Int {
        if let place = names.firstIndex(of: text.lowercased()) { return range.lowerBound + place }
        guard text.allSatisfy({ ("0"..."9").contains($0) }), let number = Int(text), range.contains(number) else {
            throw Malformed(message: "the \(what) '\(text)' is not from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}

/// A day of the proleptic Gregorian calendar, and its number.
struct CivilDate {
    let year: Int, month: Int, day: Int
    /// 0 is Sunday.
    let weekday: Int

    /// - Parameter days: since 1970-01-01. The arithmetic is Howard Hinnant's `civil_from_days`.
    init(days: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
        weekday = Int(((days + 4) % 7 + 7) % 7)
    }
}
