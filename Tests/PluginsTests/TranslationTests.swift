import Foundation
import Journal
import RoomEngine
import Testing

@testable import Plugins

@Suite("Translations")
struct TranslationTests {
    /// The fixture's lines: a language, a category and numbers that belong to it.
    static let plurals: [(tag: String, category: String, numbers: [String])] = {
        let text = (try? String(contentsOf: repository.appendingPathComponent("Tests/Fixtures/plurals.txt"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let words = line.split(separator: " ").map(String.init)
            return (words[0], String(words[1].dropLast()), Array(words.dropFirst(2)))
        }
    }()

    @Test("numbers belong to the categories that CLDR gives them") func cldr() throws {
        #expect(Set(Self.plurals.map(\.tag)).count == 46)
        for (tag, category, numbers) in Self.plurals {
            for number in numbers {
                let operands = try #require(PluralRules.Operands(number))
                #expect(PluralRules.category(of: operands, in: tag).rawValue == category, "\(number) in \(tag)")
            }
            #expect(PluralRules.known(in: tag).contains { $0.rawValue == category }, "\(category) of \(tag)")
        }
    }

    @Test("a plural takes the form of its number", arguments: [
        ("en", "0", "nobody"), ("en", "1", "1 person"), ("en", "5", "5 people"), ("en", "x", "x people"), ("en-GB", "1", "1 person"),
    ])
    func plural(tag: String, count: String, expected: String) throws {
        let template = try TextTemplate("{n, plural, =0 {nobody} one {# person} other {# people}}")
        #expect(template.filled(["n": count], tag: tag) == expected)
    }

    @Test("Russian, Polish and Arabic have the forms they need") func manyForms() throws {
        let russian = try TextTemplate("{n, plural, one {# голос} few {# голоса} many {# голосов} other {# голоса}}")
        #expect(["1", "2", "5", "11", "21", "22", "1.5"].map { russian.filled(["n": $0], tag: "ru") }
            == ["1 голос", "2 голоса", "5 голосов", "11 голосов", "21 голос", "22 голоса", "1.5 голоса"])
        let arabic = try TextTemplate("{n, plural, zero {z} one {o} two {t} few {f} many {m} other {x}}")
        #expect(["0", "1", "2", "3", "11", "100"].map { arabic.filled(["n": $0], tag: "ar") } == ["z", "o", "t", "f", "m", "x"])
    }

    @Test("values stay text, whatever is in them") func markup() throws {
        let template = try TextTemplate("Hello {name}, {n, plural, one {# message} other {# messages}} for {name}")
        #expect(template.filled(["name": "{n} '{' <b>#</b>", "n": "2"], tag: "en") == "Hello {n} '{' <b>#</b>, 2 messages for {n} '{' <b>#</b>")
        #expect(template.filled([:], tag: "en") == "Hello {name}, {n} messages for {name}")
    }

    @Test("apostrophes quote braces alone") func quoting() throws {
        #expect(try TextTemplate("It's '{'{name}'}', isn''t it?").filled(["name": "x"], tag: "en") == "It's {x}, isn't it?")
        #expect(try TextTemplate("'{not a place}' #").filled([:], tag: "en") == "{not a place} #")
    }

    @Test("a particle fits what stands before it", arguments: [
        // 한글
        ("철수", "철수는 철수가 철수를 철수와 철수로"), ("영철", "영철은 영철이 영철을 영철과 영철로"), ("김", "김은 김이 김을 김과 김으로"),
        // Behind a name that is not read to its end: marks and emoji are passed over.
        ("민준!", "민준!은 민준!이 민준!을 민준!과 민준!으로"), ("지우🐱", "지우🐱는 지우🐱가 지우🐱를 지우🐱와 지우🐱로"), ("“바다”", "“바다”는 “바다”가 “바다”를 “바다”와 “바다”로"),
        ("ㅋㅋㅋ", "ㅋㅋㅋ은 ㅋㅋㅋ이 ㅋㅋㅋ을 ㅋㅋㅋ과 ㅋㅋㅋ으로"),
        // Digits, as they are read: 이, 삼, 일, 십, 백만, 조.
        ("2", "2는 2가 2를 2와 2로"), ("3", "3은 3이 3을 3과 3으로"), ("7", "7은 7이 7을 7과 7로"), ("0", "0은 0이 0을 0과 0으로"), ("10", "10은 10이 10을 10과 10으로"),
        ("1,000,000", "1,000,000은 1,000,000이 1,000,000을 1,000,000과 1,000,000으로"),
        ("1000000000000", "1000000000000는 1000000000000가 1000000000000를 1000000000000와 1000000000000로"),
        // Latin: 앤, 밥, 마크, 데이비드, 제인, 애플, 에스엔에스, 엑스엘.
        ("Ann", "Ann은 Ann이 Ann을 Ann과 Ann으로"), ("Bob", "Bob은 Bob이 Bob을 Bob과 Bob으로"), ("Mark", "Mark는 Mark가 Mark를 Mark와 Mark로"),
        ("David", "David는 David가 David를 David와 David로"), ("Jane", "Jane은 Jane이 Jane을 Jane과 Jane으로"), ("Apple", "Apple은 Apple이 Apple을 Apple과 Apple로"),
        ("SNS", "SNS는 SNS가 SNS를 SNS와 SNS로"), ("XL", "XL은 XL이 XL을 XL과 XL로"), ("Jack", "Jack은 Jack이 Jack을 Jack과 Jack으로"),
        ("りん", "りん은 りん이 りん을 りん과 りん으로"),
        // Nobody can say.
        ("Мария", "Мария은(는) Мария이(가) Мария을(를) Мария과(와) Мария(으)로"), ("🐱", "🐱은(는) 🐱이(가) 🐱을(를) 🐱과(와) 🐱(으)로"),
    ])
    func particles(name: String, expected: String) throws {
        let template = try TextTemplate("{name}{은/는} {name}{이/가} {name}{을/를} {name}{과/와} {name}{으로/로}")
        #expect(template.filled(["name": name], tag: "ko") == expected)
        let swapped = try TextTemplate("{name}{는/은} {name}{가/이} {name}{를/을} {name}{와/과} {name}{로/으로}")
        #expect(swapped.filled(["name": name], tag: "ko") == expected)
    }

    @Test("a particle sees what a plural before it has become") func particleAfterPlural() throws {
        let template = try TextTemplate("{n, plural, other {#명}}{이/가} {n}{이나/나}")
        #expect(template.filled(["n": "3"], tag: "ko") == "3명이 3이나")
    }

    @Test("a language falls back to what it is a special case of, to the server's and to English") func fallback() {
        let texts = Translations(
            tables: ["en": ["a": "English", "b": "English", "c": "English"], "ko": ["a": "한국어"], "zh-Hant": ["a": "繁體"], "pt-BR": ["a": "Brasil"]], standard: "ko")
        #expect(texts.text("a", [:], locale: "zh-Hant-TW") == "繁體")
        #expect(texts.text("a", [:], locale: "zh_hant") == "繁體")
        #expect(texts.text("a", [:], locale: "en-US") == "English")
        #expect(texts.text("a", [:], locale: "fr") == "한국어")
        #expect(texts.text("b", [:], locale: "fr") == "English")
        #expect(texts.text("none", [:], locale: "fr") == "none")
        #expect(texts.all("a", [:]).texts["pt-BR"] == "Brasil")
    }

    @Test("a text that cannot be read keeps its plugin from loading, and says why", arguments: [
        ("{name", "lacks '}' behind 'name'"), ("a } b", "has a '}' too many"), ("{a b}", "has '{a b}', which is neither a name nor a particle"),
        ("{n, plural, one {x}}", "lacks 'other {…}'"), ("{n, plural, uno {x} other {y}}", "has 'uno' among the forms"), ("{n, select, other {y}}", "has '{n, …}' that is no plural"),
        ("{은/}", ""), ("{on/off}", "has '{on/off}', which is no particle"), ("{n, plural, one {x} one {y} other {z}}", "has 'one' twice"),
    ])
    func malformed(text: String, expected: String) throws {
        let folder = try PluginFolder()
        try folder.write("subject/init.lua", "")
        try folder.write("subject/locales/en.json", String(decoding: JSONEncoder().encode(["key": text]), as: UTF8.self))
        let world = folder.world()
        let result = world.host.load(try folder.files("subject"))
        guard !expected.isEmpty else {
            _ = try result.get()
            return
        }
        guard case .failure(let problem) = result else { throw Unexpected("it loaded") }
        #expect(problem.message.contains("locales/en.json: \"key\" \(expected)"), "\(problem.message)")
    }

    @Test("everyone reads their own language") func languages() throws {
        let folder = try PluginFolder()
        try folder.write("subject/init.lua", """
            roost.command("n", { args = "<n:int>", help = "" }, function(c)
              c:reply(roost.t("votes", { n = c.args.n, name = c.user.name }, c.user.locale))
              c:reply("Lua: " .. roost.t("votes", { n = c.args.n / 1, name = c.user.name }))
            end)
            """)
        try folder.write("subject/locales/en.json", #"{ "votes": "{name}: {n, plural, one {# vote} other {# votes}}" }"#)
        try folder.write("subject/locales/ko.json", #"{ "votes": "{name}{은/는} {n}표" }"#)
        try folder.write("subject/test.lua", """
            test("", function(t)
              local room = t:room()
              local ann, kim = t:user("Ann"):join(room), t:user("Kim", { locale = "ko-KR" }):join(room)
              ann:say("/n 1") kim:say("/n 2")
              t:expect(ann):received(2, "notice", "Ann: 1 vote")
              t:expect(kim):received(1, "notice", "Kim은 2표")
              t:expect(kim):received(1, "notice", "Lua: Kim: 2 votes")
            end)
            """)
        for outcome in try PluginTester(files: folder.files("subject"), journal: { MemoryJournal() }).run() {
            #expect(outcome.failure == nil, "\(outcome.failure ?? "")")
        }
    }

    @Test("the check finds missing forms, values that are not given and values that are not said") func check() throws {
        let folder = try PluginFolder()
        try folder.write("subject/init.lua", """
            roost.after("join", function(e)
              e:reply(roost.t("votes", { n = 1 }, e.user.locale))
              e:reply(roost.t("hello", { nmae = e.user.name }))
              e.room:system("hello")
            end)
            """)
        try folder.write("subject/locales/en.json", #"{ "votes": "{n, plural, other {# votes}}", "hello": "Hello {name}" }"#)
        try folder.write("subject/locales/ru.json", #"{ "votes": "{n, plural, one {# голос} two {x} other {# голоса}}", "hello": "Привет" }"#)
        let found = try PluginCheck(files: folder.files("subject"), journal: { MemoryJournal() }).run().map { "\($0.isWarning ? "warning " : "")\($0.file.split(separator: "/").last ?? ""):\($0.line) \($0.message)" }
        #expect(Set(found) == [
            "en.json:1 'votes' has no form 'one' of {n, plural}, which en needs",
            "ru.json:1 'votes' has no form 'few' of {n, plural}, which ru needs", "ru.json:1 'votes' has no form 'many' of {n, plural}, which ru needs",
            "warning ru.json:1 'votes' has a form 'two' of {n, plural}, which ru never uses", "warning ru.json:1 'hello' does not say {name}",
            "init.lua:3 'hello' says {name}, which is not given", "warning init.lua:3 'hello' does not say {nmae}; did you mean 'name'?",
            "init.lua:4 'hello' says {name}, which is not given",
        ], "\(found)")
    }
}
