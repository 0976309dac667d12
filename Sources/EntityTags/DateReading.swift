/// Reads a time as HTTP writes it (RFC 9110 §5.6.7), in any of the three forms a recipient has to know:
/// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
///
/// The day of the week is not compared with the date.
/// - Parameter now: seconds since 1970. Years of two digits are those not more than 50 years ahead of it.
/// - Returns: seconds since 1970; nil if it is none of the three or there is no such time
package func secondsSince1970(httpDate text: String, now: Int) -> Int? {
    DateReader(text)?.seconds(now: now)
}

private struct DateReader {
    private var year = 0
    private var hasCentury = true
    private var month = 0
    private var day = 0
    private var second = 0

    private static let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    init?(_ text: String) {
        let words = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false).map { String(Substring($0)) }
        switch words.count {
        case 6 where words[0].utf8.count == 4 && words[5] == "GMT":
            guard Self.isDay(words[0].dropLast(), long: false), words[0].last == "," else { return nil }
            self.init(words[1], words[2], words[3], words[4])
        case 4 where words[3] == "GMT":
            let date = words[1].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
            guard Self.isDay(words[0].dropLast(), long: true), words[0].last == ",", date.count == 3 else { return nil }
            self.init(date[0], date[1], date[2], words[2], yearDigits: 2)
        // asctime puts a space where a day has one digit.
        case 6 where words[2].isEmpty && Self.isDay(words[0][...], long: false) && words[3].utf8.count == 1:
            self.init("0" + words[3], words[1], words[5], words[4])
        case 5 where Self.isDay(words[0][...], long: false):
            self.init(words[2], words[1], words[4], words[3])
        default: return nil
        }
    }

    private init?(_ day: String, _ month: String, _ year: String, _ time: String, yearDigits: Int = 4) {
        let parts = time.split(separator: ":", omittingEmptySubsequences: false).compactMap { Self.number(String($0), digits: 2) }
        guard let dayNumber = Self.number(day, digits: 2), let monthIndex = Self.months.firstIndex(of: month),
            let yearNumber = Self.number(year, digits: yearDigits), parts.count == 3, time.utf8.count == 8
        else { return nil }
        // A leap second is the next minute's first.
        guard parts[0] < 24, parts[1] < 60, parts[2] <= 60 else { return nil }
        self.year = yearNumber
        hasCentury = yearDigits == 4
        self.month = monthIndex + 1
        self.day = dayNumber
        second = parts[0] * 3600 + parts[1] * 60 + parts[2]
    }

    private static func isDay(_ text: Substring, long: Bool) -> Bool {
        days.contains { long ? $0[...] == text : $0.prefix(3) == text }
    }

    private static func number(_ text: String, digits: Int) -> Int? {
        text.utf8.count == digits && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    func seconds(now: Int) -> Int? {
        guard hasCentury else {
            let latest = Self.year(of: now) + 50
            let century = latest / 100 * 100
            return seconds(year: century + year <= latest ? century + year : century - 100 + year)
        }
        return seconds(year: year)
    }

    private func seconds(year: Int) -> Int? {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let length = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        guard (1...length).contains(day) else { return nil }
        return Self.daysBefore(year: year, month: month) * 86_400 + (day - 1) * 86_400 + second
    }

    /// Days from 1 January 1970, in the calendar of today (negative before). Years begin in March here: so the leap day is last.
    private static func daysBefore(year: Int, month: Int) -> Int {
        let year = month > 2 ? year : year - 1
        let sinceMarch = (month + 9) % 12
        return year * 365 + floorDivide(year, 4) - floorDivide(year, 100) + floorDivide(year, 400) + (153 * sinceMarch + 2) / 5 - 719_468
    }

    private static func floorDivide(_ number: Int, _ divisor: Int) -> Int {
        number >= 0 ? number / divisor : -((-number + divisor - 1) / divisor)
    }

    private static func year(of seconds: Int) -> Int {
        // Near enough to tell which century is meant: a mean year has 365.2425 days.
        1970 + floorDivide(seconds, 31_556_952)
    }
}
