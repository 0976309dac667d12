import LuaHost
import RoomEngine

/// A timer that a plugin has set: once, or again and again. Confined to the room loop.
final class PluginTimer {
    let plugin: Plugin
    let number: UInt64
    /// Milliseconds.
    let interval: Int64
    let jitter: Int64
    let repeats: Bool
    var function: LuaFunction?
    private var timer: TimerID?

    init(plugin: Plugin, number: UInt64, interval: Int64, jitter: Int64, repeats: Bool) {
        self.plugin = plugin
        self.number = number
        self.interval = interval
        self.jitter = jitter
        self.repeats = repeats
    }

    func start(_ function: LuaFunction) {
        self.function = function
        plugin.timers[number] = self
        schedule()
    }

    private func schedule() {
        let host = plugin.host
        let wait = interval + (jitter > 0 ? Int64(host.random(0, jitter)) : 0)
        timer = host.engine.after(wait) { [self] in
            guard let function, plugin.timers[number] === self else { return }
            if !repeats { plugin.timers[number] = nil }
            host.call(function, of: plugin, arguments: []) { [self] in
                if repeats {
                    if plugin.timers[number] === self { schedule() }
                } else {
                    plugin.release(function)
                }
            }
        }
    }

    func cancel(_ engine: Engine) {
        if let timer { engine.cancel(timer) }
        timer = nil
        plugin.timers[number] = nil
    }
}
