/// A version that was put in use, as its loading is told.
package struct LoadedPlugin: Sendable {
    package let version: String
    package let generation: Int
    package let hooks: Int
    package let commands: Int
    package let powers: String
    package let isShadow: Bool

    package init(_ plugin: Plugin) {
        version = plugin.version
        generation = plugin.generation
        hooks = plugin.hooks.count
        commands = plugin.commands.count
        powers = plugin.powers
        isShadow = plugin.shadow != nil
    }
}
