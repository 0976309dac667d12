package enum TextProblem { case empty, tooLong, control
  package func sentence(limit: Int) -> String { "bad" } }
package enum ChatText {
  package static func problem(inMessage text: String, maxCharacters: Int) -> TextProblem? { text.isEmpty ? .empty : text.unicodeScalars.count > maxCharacters ? .tooLong : nil }
  package static func normalizedName(_ t: String, maxCharacters: Int) -> String? { t.isEmpty || t.count > maxCharacters ? nil : t }
}
