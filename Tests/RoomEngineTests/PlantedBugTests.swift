import RoomEngine
import Testing

@Suite struct PlantedBugTests {
    @Test("the simulation finds a planted bug", arguments: PlantedBug.allCases)
    func found(bug: PlantedBug) {
        let mostSeeds: UInt64 = 1_000
        let finder = (1...mostSeeds).first { Simulation(seed: $0, bug: bug).run(steps: SimulationTests.steps) != nil }
        #expect(finder != nil, "\(bug) is not found in \(mostSeeds) seeds")
    }
}
