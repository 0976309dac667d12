/// The last label of hosts that count as a link without "http://" and "www." in front.
enum TopLevelDomain {
    /// Compares in lower case. Any Punycode label (`xn--…`) counts.
    static func isCommon(_ label: String) -> Bool {
        let label = label.lowercased()
        return common.contains(label) || label.hasPrefix("xn--")
    }

    /// From IANA's list of top-level domains: the countries', the old generic ones, and of the many new ones those that
    /// links in chats have. Left out, because people write of files and of words more often than of such hosts: md, mm,
    /// pl, ps, py, rs, sh, so, cc, ml, zip, mov.
    private static let common: Set<String> = Set(
        [
            // Countries (ISO 3166-1), eu, su and uk.
            """
            ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv bw by bz
            ca cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo
            fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je
            jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc me mg mh mk mn mo mp mq mr
            ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pm pn pr pt pw qa re ro ru
            rw sa sb sc sd se sg si sj sk sl sm sn sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw
            tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
            """,
            // Generic.
            """
            com net org info biz name pro edu gov mil int arpa aero asia cat coop jobs mobi museum post tel travel xxx
            adult agency app art bar bet blog buzz cam casino chat click cloud club codes community company cool cyou
            dating design dev digital download email events fail finance fit fun fund fyi game games gifts gives global
            group guru help host icu ink ist life link live llc loan lol love ltd market media men moe monster network
            news ninja one online page party photos pics pink plus poker porn press quest racing red rest review rip
            rocks run sale school science services sex sexy shop show site social solutions space store stream studio
            style support systems team tech tips today tokyo tools top town trade tube video vip wang web webcam website
            wiki win work works world wtf xin xyz yachts zone
            """,
            // Not in Latin letters.
            """
            한국 닷컴 닷넷 삼성 中国 中國 香港 台灣 台湾 公司 网络 网址 在线 コム みんな рф онлайн сайт бел укр қаз ελ الاردن السعودية امارات مصر भारत
            ไทย
            """,
        ].flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) })
}
