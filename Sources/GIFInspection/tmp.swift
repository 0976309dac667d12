package struct GIFLimits: Sendable { package init() {} }
package struct StillFrame: Sendable { package func assemble(from f: some RandomAccessCollection<UInt8>) -> [UInt8] { Array(f) } }
package struct GIFFacts: Sendable { package var bytes = 0, width = 1, height = 1, frames = 1; package var seconds = 0.0, flashesPerSecond = 0.0; package var still = StillFrame() }
package enum GIFError: Error { case bad; package var isLimit: Bool { false } }
package struct GIFInspector: Sendable { package init(limits: GIFLimits) {}
 package mutating func consume(_ b: UnsafeRawBufferPointer) throws(GIFError) {}
 package mutating func finish() throws(GIFError) -> GIFFacts { GIFFacts() } }
