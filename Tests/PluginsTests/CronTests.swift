import Foundation
import Testing

@testable import Plugins

@Suite("Times of day")
struct CronTests {
    /// The next times of a pattern, as local time with the zone's offset.
    private func times(_ pattern: String, _ zone: String, after start: String, _ count: Int) throws -> [String] {
        let zone = try #require(TimeZone(identifier: zone))
        let format = Date.ISO8601FormatStyle(timeZoneSeparator: .colon, timeZone: zone)
        let cron = CronZone(cron: try Cron(pattern), zone: zone)
        var time = Int64(try Date(start, strategy: .iso8601).timeIntervalSince1970)
        return try (0..<count).map { _ in
            time = try #require(cron.next(after: time))
            return Date(timeIntervalSince1970: Double(time)).formatted(format)
        }
    }

    @Test("fields are values, lists, ranges, steps and names", arguments: [
        ("0 9 * * 1-5", ["2026-03-06T09:00:00Z", "2026-03-09T09:00:00Z", "2026-03-10T09:00:00Z"]),
        ("0 9 * * mon-fri", ["2026-03-06T09:00:00Z", "2026-03-09T09:00:00Z"]),
        ("*/20 8,10 * * *", ["2026-03-06T08:00:00Z", "2026-03-06T08:20:00Z", "2026-03-06T08:40:00Z", "2026-03-06T10:00:00Z"]),
        ("5/20 8 * * *", ["2026-03-06T08:05:00Z", "2026-03-06T08:25:00Z", "2026-03-06T08:45:00Z", "2026-03-07T08:05:00Z"]),
        ("10-20/5 8 * * *", ["2026-03-06T08:10:00Z", "2026-03-06T08:15:00Z", "2026-03-06T08:20:00Z", "2026-03-07T08:10:00Z"]),
        ("0 0 1 jan,JUL *", ["2026-07-01T00:00:00Z", "2027-01-01T00:00:00Z"]),
        ("0 0 29 2 *", ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]),
        ("0 0 31 * *", ["2026-03-31T00:00:00Z", "2026-05-31T00:00:00Z"]),
        ("0 0 * * 7", ["2026-03-08T00:00:00Z"]), ("0 0 * * sun", ["2026-03-08T00:00:00Z"]), ("@weekly", ["2026-03-08T00:00:00Z"]),
        // Both days restricted: either will do.
        ("0 0 13 * fri", ["2026-03-13T00:00:00Z", "2026-03-20T00:00:00Z"]),
        ("0 0 */2 * fri", ["2026-03-13T00:00:00Z", "2026-03-27T00:00:00Z"]),
        ("@hourly", ["2026-03-06T01:00:00Z", "2026-03-06T02:00:00Z"]),
    ])
    func fields(pattern: String, expected: [String]) throws {
        #expect(try times(pattern, "UTC", after: "2026-03-06T00:00:00Z", expected.count) == expected)
    }

    @Test("29 February is found across a century that has none") func leap() throws {
        #expect(try times("0 0 29 2 *", "UTC", after: "2096-03-01T00:00:00Z", 1) == ["2104-02-29T00:00:00Z"])
    }

    @Test("a time zone's clocks are what counts") func zone() throws {
        #expect(try times("0 9 * * *", "Asia/Seoul", after: "2026-03-06T00:00:00Z", 2) == ["2026-03-07T09:00:00+09:00", "2026-03-08T09:00:00+09:00"])
        #expect(try times("30 5 * * *", "Asia/Kathmandu", after: "2026-03-05T23:44:59Z", 1) == ["2026-03-06T05:30:00+05:45"])
    }

    // In Berlin, clocks go from 02:00 to 03:00 on 29 March 2026, and from 03:00 back to 02:00 on 25 October.

    @Test("a time that is skipped comes once, when the clocks are put forward") func gap() throws {
        #expect(try times("30 2 * * *", "Europe/Berlin", after: "2026-03-28T00:00:00Z", 3) == [
            "2026-03-28T02:30:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00",
        ])
        #expect(try times("*/15 2 * * *", "Europe/Berlin", after: "2026-03-29T00:00:00Z", 2) == ["2026-03-29T03:00:00+02:00", "2026-03-30T02:00:00+02:00"])
    }

    @Test("a time that comes twice counts the first time alone") func overlap() throws {
        #expect(try times("30 2 * * *", "Europe/Berlin", after: "2026-10-24T12:00:00Z", 2) == ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"])
    }

    @Test("every hour means every hour that passes") func everyHour() throws {
        #expect(try times("30 * * * *", "Europe/Berlin", after: "2026-10-25T00:00:00Z", 3) == [
            "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", "2026-10-25T03:30:00+01:00",
        ])
        #expect(try times("0 */2 * * *", "Europe/Berlin", after: "2026-03-28T23:30:00Z", 2) == ["2026-03-29T04:00:00+02:00", "2026-03-29T06:00:00+02:00"])
    }

    @Test("clocks that are put back over midnight make a day longer, not another") func midnight() throws {
        // Havana: 01:00 becomes 00:00 on 1 November 2026.
        #expect(try times("30 0 * * *", "America/Havana", after: "2026-10-31T12:00:00Z", 2) == ["2026-11-01T00:30:00-04:00", "2026-11-02T00:30:00-05:00"])
    }

    @Test("in any zone and for any pattern the times ascend and are what the pattern says", arguments: [
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Seoul", "Africa/Casablanca", "America/Havana", "Pacific/Apia",
    ])
    func ascending(name: String) throws {
        let zone = try #require(TimeZone(identifier: name))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        for pattern in ["*/7 * * * *", "30 2 * * *", "15,45 0-4 * 3,10,11 *", "0 12 1 * mon"] {
            let cron = try Cron(pattern)
            var time = Int64(try Date("2026-03-20T00:00:00Z", strategy: .iso8601).timeIntervalSince1970)
            for _ in 0..<400 {
                let next = try #require(CronZone(cron: cron, zone: zone).next(after: time))
                #expect(next > time)
                let date = Date(timeIntervalSince1970: Double(next))
                let parts = calendar.dateComponents([.hour, .minute], from: date)
                let isChange = zone.secondsFromGMT(for: date) != zone.secondsFromGMT(for: date.addingTimeInterval(-1))
                let (minute, hour) = (try #require(parts.minute), try #require(parts.hour))
                let fits = cron.minutes.contains(minute) && cron.hours.contains(hour)
                #expect(fits || isChange, "\(pattern) \(date)")
                time = next
            }
        }
    }

    @Test("what is no pattern is explained", arguments: [
        ("0 9 * *", "is not five fields"), ("61 * * * *", "the minute '61' is not from 0 to 59"), ("0 24 * * *", "the hour '24' is not from 0 to 23"),
        ("0 0 0 * *", "the day '0' is not from 1 to 31"), ("0 0 * foo *", "the month 'foo' is not from 1 to 12"), ("0 5-3 * * *", "the hour '5-3' runs backwards"),
        ("*/0 * * * *", "has no step"), ("0 0 30 2 *", "never happens"), ("0 0 * * 8", "the day of the week '8' is not from 0 to 7"), (", * * * *", "the minute ''"),
    ])
    func malformed(pattern: String, problem: String) {
        do {
            _ = try Cron(pattern)
            Issue.record("\(pattern) was taken")
        } catch {
            #expect(error.message.contains(problem), "\(error.message)")
        }
    }
}
