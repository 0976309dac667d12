package enum TextProblem { case empty, tooLong, control
  package func sentence(limit: Int) -> String { "bad" } }
package enum ChatText {
  package static func problem(inMessage text: String, maxCharacters: Int) -> TextProblem? { text.isEmpty ? .empty : text.unicodeScalars.count > maxCharacters ? .tooLong : nil }
  package static func normalizedName(_ t: String, maxCharacters: Int) -> String? { t.isEmpty || t.count > maxCharacters ? nil : t }
  package static func fold(_ t: String) -> String { t.lowercased() }
  package struct Link { package var url: String, host: String }
  package struct Mention { package var name: String }
  package static func links(in t: String) -> [Link] { [] }
  package static func mentions(in t: String) -> [Mention] { [] }
}
package struct Matcher {
  package enum Folding: String { case none, `case`, confusables }
  package struct Options { package init(folding: Folding, wholeWord: Bool, allow: [String], ignoresSeparators: Bool) {} }
  package struct Match { package var word: String; package var range: Range<Int> }
  package init(words: [String], options: Options) {}
  package func find(_ t: String) -> Match? { nil }
}
extension ChatText { package static func width(_ t: String) -> Int { t.count } }
extension ChatText { package static func graphemes(_ t: String) -> Int { t.count }
  package static func truncate(_ t: String, to n: Int) -> String { String(t.prefix(n)) } }
