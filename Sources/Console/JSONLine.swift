import ChatText
import JSONText

enum JSONLine {
    /// One line of JSON: an object of texts.
    static func object(_ fields: [(String, String)]) -> String {
        var json = JSONWriter()
        json.object { json in
            for (name, value) in fields {
                json.name(name)
                json.string(value)
            }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

/// Columns that a text takes in a terminal.
func displayWidth(_ text: String) -> Int { ChatText.width(text) }
