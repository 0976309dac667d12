import RoomEngine

/// A version of a plugin as log lines name it: `guard@g9`, or `guard` where it is not about one of them.
package struct PluginVersion: Sendable, Equatable, CustomStringConvertible {
    package let id: PluginID
    package let generation: Int?

    package var description: String { generation.map { "\(id)@g\($0)" } ?? id.text }
}
