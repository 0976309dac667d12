/// The number of flashes in the worst second of an animation (WCAG 2.2, success criterion 2.3.1).
///
/// A second is half open: transitions at 0.0 and 1.0 s are never in the same one, so what changes ten times a second flashes
/// five times. An animation that repeats is measured over its seam too, as Understanding WCAG asks for GIFs.
///
/// Where the picture is transparent the page shows through, and pages are light or dark: both are measured.
struct FlashMeter: Sendable {
    /// One second, in the unit of all times here: hundredths.
    private static let second = 100

    private let grid: SampleGrid
    private var pages: [Page] = []
    private var shown: [Patch] = []
    /// When the last frames came, in hundredths of a second, the newest last. A frame is shown for at least 20 ms
    /// (`GraphicControl.shownFor`), so a second has no more than 50 and a history of 64 bits holds it.
    private var times: [Int] = []
    private var now = 0
    /// The frames that begin in the first second, to show them again after the last: at most 50 grids.
    private var opening: [(patches: [Patch], duration: Int)] = []

    /// One background and both kinds of flash in front of it.
    private struct Page: Sendable {
        let light: Float
        var general: FlashCounter<LuminanceTrace>
        var red: FlashCounter<RedTrace>

        init(light: Float, first patches: [Patch], grid: SampleGrid) {
            let shades = patches.map { $0.shade(on: light) }
            self.light = light
            general = FlashCounter(grid: grid, first: shades)
            red = FlashCounter(grid: grid, first: shades)
        }

        mutating func show(_ patches: [Patch], changed: [Int], within second: UInt64) {
            general.beginFrame()
            red.beginFrame()
            for point in changed {
                let shade = patches[point].shade(on: light)
                general.move(point, to: shade)
                red.move(point, to: shade)
            }
            general.count(within: second)
            red.count(within: second)
        }
    }

    init(grid: SampleGrid) { self.grid = grid }

    /// - Parameter duration: for how long the frame is shown, in hundredths of a second, at least 2.
    mutating func show(_ patches: [Patch], for duration: Int) {
        if now < Self.second { opening.append((patches, duration)) }
        play(patches, for: duration)
    }

    /// After the last frame. Measures the seam if the animation repeats.
    mutating func finish(repeats: Bool) -> Double {
        if repeats, !opening.isEmpty {
            // What is shorter than a second repeats within one: two seconds of it have every second that can occur.
            let end = now + (now < Self.second ? 2 : 1) * Self.second
            while now < end {
                for frame in opening where now < end { play(frame.patches, for: frame.duration) }
            }
        }
        return Double(pages.map { max($0.general.worst, $0.red.worst) }.max() ?? 0)
    }

    private mutating func play(_ patches: [Patch], for duration: Int) {
        times.removeAll { now - $0 >= Self.second }
        times.append(now)
        if pages.isEmpty {
            pages = [1, 0].map { Page(light: $0, first: patches, grid: grid) }
        } else {
            let changed = patches.indices.filter { patches[$0] != shown[$0] }
            let recent = (UInt64(1) << UInt64(times.count)) - 1
            for page in pages.indices { pages[page].show(patches, changed: changed, within: recent) }
        }
        shown = patches
        now += duration
    }
}
