/// What the next byte of the file belongs to.
enum Stage: Sendable, Equatable {
    case header
    case screenDescriptor
    case globalColourTable(bytes: Int)
    /// An introducer: extension, image or trailer.
    case block
    case extensionLabel
    case graphicControl
    /// The first block of an application extension, which names the application.
    case applicationSize
    case application(bytes: Int)
    /// Sub-blocks of an extension. In `loop` they are those that say how often the animation repeats.
    case extensionSize(loop: Bool)
    case extensionData(left: Int)
    case loopData(bytes: Int)
    case imageDescriptor
    case localColourTable(bytes: Int)
    case codeSize
    case imageDataSize
    case imageData(left: Int)
    /// Behind the trailer.
    case end

    /// How many bytes are wanted together; nil if they are used as they come.
    var fieldLength: Int? {
        switch self {
        case .header, .extensionData, .imageData, .end: nil
        case .screenDescriptor: ScreenDescriptor.length
        case .graphicControl: GraphicControl.length
        case .imageDescriptor: ImageDescriptor.length
        case .globalColourTable(let bytes), .localColourTable(let bytes), .application(let bytes), .loopData(let bytes): bytes
        case .block, .extensionLabel, .applicationSize, .extensionSize, .codeSize, .imageDataSize: 1
        }
    }

    /// Its name in a `GIFError`.
    var part: GIFError.Part {
        switch self {
        case .header: .header
        case .screenDescriptor: .screenDescriptor
        case .globalColourTable: .globalColourTable
        case .block, .end: .block
        case .extensionLabel, .applicationSize, .application, .extensionSize, .extensionData, .loopData: .extensionBlock
        case .graphicControl: .graphicControl
        case .imageDescriptor: .imageDescriptor
        case .localColourTable: .localColourTable
        case .codeSize, .imageDataSize, .imageData: .imageData
        }
    }
}
