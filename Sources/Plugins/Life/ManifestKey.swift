/// The keys of a manifest, for the reference; ``Manifest`` reads them.
struct ManifestKey: Sendable {
    let name: String
    let value: String
    let summary: String

    init(_ name: String, _ value: String, _ summary: String) {
        self.name = name
        self.value = value
        self.summary = summary
    }

    static let all: [ManifestKey] = [
        ManifestKey("id", "text", "The folder's name, if it is given at all."),
        ManifestKey("version", "text", "The plugin's own version."),
        ManifestKey("api", "1", "The version of this API that it was written for."),
        ManifestKey("entry", "file", "The main file; `init.lua` if nothing is said."),
        ManifestKey("title", "texts by language", "What people call it: `{ \"en\": \"…\", \"ko\": \"…\" }`."),
        ManifestKey("hooks", "list of events", "The events it may hook; any if nothing is said."),
        ManifestKey("permissions", "see above", "What it may do. With this key it may do nothing that is not named here."),
        ManifestKey("limits", "object", "`memory`: its Lua memory (`\"16MiB\"`). `deadline_ms`: the time a handler has (50)."),
        ManifestKey("safety", "true or false", "Its handlers fail closed: what they cannot check does not pass."),
        ManifestKey("mode", "live or shadow", "With `shadow` it looks on only: what it decides and does is noted, and not done."),
        ManifestKey("test_before_reload", "true or false", "A new version takes over only if it passes its own `test.lua`."),
        ManifestKey(
            "config", "settings by name",
            "Each with `type` (\(Manifest.Setting.Kind.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "))), `default`, `min`, `max`, `help`."),
    ]
}
