import Testing

@testable import Transports

@Suite("The timer wheel")
struct TimerWheelTests {
    private final class Clockwork: Watched {
        var place: TimerWheel.Place?
        /// When it was asked.
        private(set) var asked: [Int] = []
        var answer: (Int) -> Int? = { _ in nil }

        func check(_ now: Int) -> Int? {
            asked.append(now)
            return answer(now)
        }
    }

    private let wheel = TimerWheel()

    @Test("asks when it is due, and again in as many seconds as was answered") func due() {
        let one = Clockwork(), other = Clockwork()
        one.answer = { $0 < 8 ? 3 : nil }
        wheel.watch(one, in: 2)
        wheel.watch(other, in: 60)
        for _ in 0..<100 { wheel.turn() }
        #expect(one.asked == [2, 5, 8])
        #expect(other.asked == [60])
    }

    @Test("asks only at the later of two times, if they were wanted one after the other") func moved() {
        let one = Clockwork()
        wheel.watch(one, in: 3)
        wheel.watch(one, in: 7)
        for _ in 0..<20 { wheel.turn() }
        #expect(one.asked == [7])
    }

    @Test("lets go at once of what is over, and of nothing else", arguments: 0..<5) func forgotten(which: Int) {
        var all: [Clockwork?] = (0..<5).map { _ in Clockwork() }
        for one in all { wheel.watch(one!, in: 4) }
        weak let gone = all[which]
        wheel.forget(all[which]!)
        all[which] = nil
        #expect(gone == nil)
        for _ in 0..<10 { wheel.turn() }
        #expect(all.map { $0?.asked } == (0..<5).map { $0 == which ? nil : [4] })
    }

    @Test("one that is asked may let go of others that are due") func whileTurning() {
        let one = Clockwork(), other = Clockwork(), third = Clockwork()
        one.answer = { [wheel] _ in
            wheel.forget(other)
            wheel.forget(third)
            return 1
        }
        for each in [one, other] { wheel.watch(each, in: 1) }
        wheel.watch(third, in: 2)
        for _ in 0..<3 { wheel.turn() }
        #expect(one.asked == [1, 2, 3])
        #expect(third.asked.isEmpty)
    }
}
