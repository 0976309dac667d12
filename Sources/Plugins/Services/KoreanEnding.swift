/// How a text ends for Korean ears: the particle behind a noun depends on whether its last syllable has a final consonant.
enum KoreanEnding: Sendable {
    case vowel
    /// ㄹ counts as a vowel for 으로/로.
    case rieul
    case consonant
    /// Nobody can say how it is read.
    case unknown

    /// The ending of the last letter or digit of a text's last word. What is not read (quotation marks, brackets, emoji) is passed over.
    ///
    /// - Hangul: the syllable says it. A single jamo counts as what it is.
    /// - Digits: as numbers are read in Sino-Korean, so `10` (십) and `100` (백) end in a consonant, `2` (이) does not.
    /// - Latin letters: a word in capitals, or one letter, is spelt out (`SNS` 에스엔에스, `XL` 엑스엘). Any other word is read
    ///   as Koreans write it: `l`, `m`, `n` and `ng` close a syllable (`Ann` 앤), with a silent e too (`Jane` 제인); `b`, `c`,
    ///   `k`, `p` and `t` do behind a single vowel (`Bob` 밥, but `Mark` 마크); everything else gets a vowel (`David` 데이비드).
    /// - Kana: ん closes. Other scripts: unknown.
    init(of text: String) {
        let characters = Array(text.reversed().prefix { !$0.isWhitespace }.reversed())
        guard let end = characters.lastIndex(where: { $0.isLetter || $0.isNumber }), let scalar = characters[end].unicodeScalars.first else {
            self = .unknown
            return
        }
        let character = characters[end]
        switch scalar.value {
        case 0xAC00...0xD7A3:
            let final = (scalar.value - 0xAC00) % 28
            self = final == 0 ? .vowel : final == 8 ? .rieul : .consonant
        case 0x3131...0x314E: self = scalar.value == 0x3139 ? .rieul : .consonant
        case 0x314F...0x3163: self = .vowel
        case 0x3041...0x30FF: self = scalar.value == 0x3093 || scalar.value == 0x30F3 ? .consonant : .vowel
        case 0x30...0x39:
            let digits = characters[...end].reversed().prefix { $0.isASCII && ($0.isNumber || $0 == ",") }.filter { $0 != "," }
            self = Self.number(digits.reversed())
        default:
            guard character.isASCII else {
                self = .unknown
                return
            }
            let letters = characters[...end].reversed().prefix { $0.isASCII && $0.isLetter }
            self = Self.latin(String(letters.reversed()))
        }
    }

    private static func number(_ digits: [Character]) -> KoreanEnding {
        let zeros = digits.reversed().prefix { $0 == "0" }.count
        if zeros > 0 {
            // 영, 십, 백, 천, 만 and 억 are closed; 조 (10¹²) is not.
            return zeros < digits.count && (12...15).contains(zeros) ? .vowel : .consonant
        }
        return switch digits.last {
        case "1", "7", "8": .rieul  // 일 칠 팔
        case "3", "6": .consonant  // 삼 육
        default: .vowel  // 이 사 오 구
        }
    }

    private static func latin(_ word: String) -> KoreanEnding {
        if word.count == 1 || word.allSatisfy(\.isUppercase) {
            // 엘 알 / 엠 엔: the names of the others end in a vowel.
            return switch word.last?.lowercased() {
            case "l", "r": .rieul
            case "m", "n": .consonant
            default: .vowel
            }
        }
        var letters = Array(word.lowercased())
        let vowels: Set<Character> = ["a", "e", "i", "o", "u", "y"]
        if letters.count > 2, letters.last == "e", ["l", "m", "n"].contains(letters[letters.count - 2]) { letters.removeLast() }
        guard let last = letters.popLast() else { return .unknown }
        if last == "l" { return .rieul }
        if last == "m" || last == "n" || last == "g" && letters.last == "n" { return .consonant }
        guard ["b", "c", "k", "p", "t"].contains(last) else { return .vowel }
        // Doubled (Scott) or ck (Jack) is one sound.
        if letters.last == last || last == "k" && letters.last == "c" { letters.removeLast() }
        let isShort = letters.last.map(vowels.contains) ?? false
        return isShort && !(letters.dropLast().last.map(vowels.contains) ?? false) ? .consonant : .vowel
    }
}

/// A particle in its two forms, written `{은/는}` in translations.
struct KoreanParticlePair: Sendable, Equatable {
    let afterConsonant: String
    let afterVowel: String

    /// In either order for those that everybody knows; else the form after a consonant first.
    init(_ first: String, _ second: String) {
        let isSwapped = ["는", "가", "를", "와", "야", "로", "나", "랑", "라", "여", "로서", "로써", "예요"].contains(first)
        (afterConsonant, afterVowel) = isSwapped ? (second, first) : (first, second)
    }

    /// The form behind a text. Behind what nobody can read it is the customary `은(는)`, and `(으)로`.
    func form(after text: String) -> String {
        let isRo = afterConsonant.hasPrefix("으로")
        return switch KoreanEnding(of: text) {
        case .vowel: afterVowel
        case .rieul: isRo ? afterVowel : afterConsonant
        case .consonant: afterConsonant
        case .unknown:
            isRo ? "(으)" + afterVowel
                : afterConsonant.hasSuffix(afterVowel) ? "(\(afterConsonant.dropLast(afterVowel.count)))\(afterVowel)" : "\(afterConsonant)(\(afterVowel))"
        }
    }
}
