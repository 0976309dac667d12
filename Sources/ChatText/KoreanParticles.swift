/// What Korean grammar puts behind a noun without a space, so that the noun's word does not end where the noun does.
enum KoreanParticle {
    /// No tail that is longer, in letters (ㅂㅗ is two), can be one: 들이었습니다 and some to spare.
    static let maxLetters = 20

    /// Whether a tail is a particle or a form of 이다 ("to be"), the plural 들 or the title 님 before it, or one of those
    /// alone.
    static func canFollow(_ tail: Substring) -> Bool {
        if particles.contains(tail) { return true }
        guard let first = tail.first, first == "들" || first == "님" else { return false }
        let rest = tail.dropFirst()
        return rest.isEmpty || particles.contains(rest)
    }

    private static let particles: Set<Substring> = Set(
        """
        은 는 이 가 을 를 의 에 에게 에게서 에서 한테 께 께서 도 만 만은 뿐 와 과 랑 이랑 하고 로 으로 로서 으로서 야 아 여 이여 보다 까지 부터 마다 처럼 같이 같은
        같아 조차 마저 밖에 이나 나 라도 이라도 든 이든 라 이라 라고 이라고 라는 이라는 라서 이라서 란 이란 라니 이라니 이야 다 이다 요 이요 죠 이죠 지 이지 네 이네 냐
        이냐 니 이니 임 인 인가 인지 인데 예요 이에요 에요 이예요 입니다 입니까 였다 이었다 였어 이었어 구나 이구나 군 이군 들 님
        """.split(whereSeparator: \.isWhitespace))
}
