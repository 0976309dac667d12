/// Why a text cannot be a message.
package enum TextProblem: Sendable, Equatable {
    /// Nothing in it can be seen: no scalars at all, or only white space and invisible characters.
    case empty
    /// More Unicode scalars than the limit.
    case tooLong
    /// A control character (Unicode category Cc) other than line feed and tab, or a noncharacter such as U+FFFE.
    case control
    /// A control that turns the direction of writing for what follows: U+202A–U+202E, U+2066–U+2069 (UAX #9 §2).
    case direction

    /// What is wrong, as an English sentence for a person. `limit` is the limit that was checked against, in Unicode
    /// scalars.
    package func sentence(limit: Int) -> String {
        switch self {
        case .empty: "A message needs something that can be read."
        case .tooLong: "A message has at most \(limit) characters."
        case .control: "A message has no control characters other than line breaks and tabs."
        case .direction: "A message has no invisible characters that turn the direction of the writing."
        }
    }
}
