import Foundation
import LuaHost
import RoomEngine

extension APITable {
    static let time: [APIFunction] = [
        APIFunction(
            "roost.timer", ["options table"], returns: "timer",
            "A timer that calls a function after so many seconds, every so many, or at times of day."
        ) { call in
            let options = try call.options(0)
            let rhythm = try rhythm(options, call.host)
            let jitter = try options.number("jitter") ?? 0
            guard (0...86_400).contains(jitter) else { throw LuaHostError("'jitter' is in seconds, up to a day") }
            let plugin = call.plugin
            if plugin.timers.count >= 1_000 { throw LuaHostError("too many timers (1000)") }
            let timer = PluginTimer(
                plugin: plugin, number: plugin.nextNumber(), id: try options.string("id"), rhythm: rhythm, jitter: Int64(jitter * 1_000))
            plugin.timers[timer.number] = timer
            return .values([Kind.timer.handle(timer.number)])
        },
        APIFunction("timer:__call", ["action function"], returns: "timer", "Starts the timer with what it calls.") { call in
            guard let object = call.object, let timer = call.plugin.timers[object.a] else { return .values(LuaValue.gone) }
            guard timer.function == nil else { throw LuaHostError("this timer has been started already") }
            timer.start(call.function(0))
            return .values([.object(object)])
        },
        APIFunction("timer:cancel", "Stops the timer.") { cancel($0) },
        APIFunction("timer:__close", ["error any"], "Stops the timer at the end of its block.") { cancel($0) },
        APIFunction("roost.sleep", ["seconds number"], "Waits.") { call in
            guard let seconds = call[0].double, seconds >= 0, seconds <= 86_400 else {
                throw LuaHostError("roost.sleep takes seconds, up to a day")
            }
            guard let run = call.plugin.run, case .load = run.purpose else {
                let engine = call.engine
                call.plugin.run?.wait = { resume in engine.after(Int64(seconds * 1_000)) { resume(.success([])) } }
                return .wait
            }
            throw LuaHostError("a plugin cannot wait while it is loaded: use roost.timer")
        },
        APIFunction("roost.now", returns: "number", "Seconds since 1970.") { call in
            .values([.number(Double(call.engine.clock.now.wall) / 1_000)])
        },
        APIFunction("roost.random", ["low integer?", "high integer?"], returns: "number", "A random number, as math.random has it.") { call in
            switch (call[0].integer, call[1].integer) {
            case (nil, _): return .values([.number(Double(call.host.random(0, 1 << 53 - 1)) / Double(1 << 53))])
            case (let high?, nil):
                guard high >= 1 else { throw LuaHostError("the interval is empty") }
                return .values([.int(call.host.random(1, high))])
            case (let low?, let high?):
                guard low <= high else { throw LuaHostError("the interval is empty") }
                return .values([.int(call.host.random(low, high))])
            }
        },
        APIFunction("roost.uuid", returns: "string", "A random UUID.") { call in
            var bytes = (0..<16).map { _ in UInt8(call.host.random(0, 255)) }
            // RFC 9562 §5.4
            bytes[6] = bytes[6] & 0x0F | 0x40
            bytes[8] = bytes[8] & 0x3F | 0x80
            let digits = hexadecimal(bytes)
            var parts: [Substring] = []
            var at = digits.startIndex
            for length in [8, 4, 4, 4, 12] {
                let end = digits.index(at, offsetBy: length)
                parts.append(digits[at..<end])
                at = end
            }
            return .values([.string(parts.joined(separator: "-"))])
        },
    ]

    private static func rhythm(_ options: Options, _ host: PluginHost) throws(LuaHostError) -> PluginTimer.Rhythm {
        let zone = try options.string("tz")
        switch (try options.number("after"), try options.number("every"), try options.string("cron")) {
        case (let seconds?, nil, nil) where (0...366 * 86_400).contains(seconds) && zone == nil: return .after(Int64(seconds * 1_000))
        case (nil, let seconds?, nil) where (0.05...366 * 86_400).contains(seconds) && zone == nil: return .every(Int64(seconds * 1_000))
        case (nil, nil, let text?):
            do throws(Cron.Malformed) {
                return .cron(CronZone(cron: try Cron(text), zone: try zone.map(timeZone) ?? host.surroundings.timeZone))
            } catch {
                throw LuaHostError(error.message)
            }
        case (_?, nil, nil) where zone != nil, (nil, _?, nil) where zone != nil: throw LuaHostError("'tz' goes with 'cron'")
        case (_?, nil, nil), (nil, _?, nil):
            throw LuaHostError("a timer's time is up to a year, and at least 0.05 seconds for 'every'")
        default: throw LuaHostError("a timer has one of 'after' and 'every', in seconds, and 'cron'")
        }
    }

    /// The zone of a name of the IANA database.
    private static func timeZone(_ name: String) throws(Cron.Malformed) -> TimeZone {
        let known = TimeZone.knownTimeZoneIdentifiers
        if name == "UTC" || known.contains(name), let zone = TimeZone(identifier: name) { return zone }
        let hint = nearest(name, in: known).map { "; did you mean '\($0)'?" } ?? ""
        throw Cron.Malformed(message: "there is no time zone '\(name)'\(hint)")
    }

    private static func cancel(_ call: APICall) -> LuaAnswer {
        if let object = call.object, let timer = call.plugin.timers[object.a] {
            timer.cancel(call.engine)
            if let function = timer.function { call.plugin.release(function) }
        }
        return .nothing
    }
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
