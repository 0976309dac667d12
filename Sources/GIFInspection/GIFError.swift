/// Why a file was not accepted. Offsets count bytes from the start of the file, frames count from one.
package enum GIFError: Error, Sendable, Equatable {
    /// It does not begin with `GIF87a` or `GIF89a`; `at` is the first byte that differs.
    case notGIF(at: Int)
    /// It ended while something was still to come.
    case cutShort(at: Int, reading: Part)
    /// There is something behind the end of the picture. Viewers ignore it, which makes it a place to hide another file.
    case trailingBytes(at: Int)
    case overLimit(Excess)
    case zeroSize(ZeroSize, at: Int)
    /// Ended without a single frame.
    case noFrame(at: Int)
    /// Neither an extension, a frame nor the end begins with this byte.
    case unknownBlock(UInt8, at: Int)
    /// A block whose size is fixed by the format has another one.
    case badBlock(Part, size: Int, expected: Int, at: Int)
    case frameOutsideScreen(frame: Int, frameArea: Rectangle, screenWidth: Int, screenHeight: Int, at: Int)
    /// A frame without a colour table of its own in a file without a global one: every viewer would choose other colours.
    case missingColourTable(frame: Int, at: Int)
    case badCodeSize(Int, frame: Int, at: Int)
    /// The compressed data uses a code that cannot have been defined yet.
    case badCode(Int, frame: Int, at: Int)
    case colourOutsideTable(Int, colours: Int, frame: Int, at: Int)
    /// The frame's data ended before all its pixels were there.
    case imageDataShort(frame: Int, pixels: Int, of: Int, at: Int)

    /// A part of the file, named as a sentence needs it.
    package enum Part: String, Sendable, Equatable {
        case header = "the header"
        case screenDescriptor = "the screen descriptor"
        case globalColourTable = "the global colour table"
        case block = "the start of a block"
        case extensionBlock = "an extension"
        case graphicControl = "a graphic control extension"
        case imageDescriptor = "an image descriptor"
        case localColourTable = "a local colour table"
        case imageData = "the data of a frame"
    }

    /// A limit of `GIFLimits` that was passed: what there was (so far), and what is allowed at most.
    package enum Excess: Sendable, Equatable {
        case bytes(most: Int)
        case side(Int, most: Int)
        case frames(most: Int)
        case seconds(Double, most: Double)
        case totalPixels(Int, most: Int)
    }

    package enum ZeroSize: Sendable, Equatable { case screen, frame(Int) }
}

extension GIFError: CustomStringConvertible {
    /// One sentence for the person who sent the file.
    package var description: String {
        switch self {
        case .notGIF(let at):
            "The file is not a GIF: it does not begin with GIF87a or GIF89a (byte \(at) differs)."
        case .cutShort(let at, let part):
            "The GIF is cut short: it ends after \(at) bytes, in \(part.rawValue)."
        case .trailingBytes(let at):
            "The GIF ends at byte \(at), but the file goes on after it."
        case .overLimit(let excess):
            excess.description
        case .zeroSize(.screen, let at):
            "The GIF has a width or height of zero (byte \(at))."
        case .zeroSize(.frame(let frame), let at):
            "Frame \(frame) has a width or height of zero (byte \(at))."
        case .noFrame(let at):
            "The GIF ends at byte \(at) without a single frame."
        case .unknownBlock(let byte, let at):
            "The GIF is damaged: byte \(at) is \(byte), which begins no block."
        case .badBlock(let part, let size, let expected, let at):
            "The GIF is damaged: at byte \(at), \(part.rawValue) has a block of \(size) bytes where \(expected) belong."
        case .frameOutsideScreen(let frame, let area, let width, let height, let at):
            """
            Frame \(frame) (byte \(at)), \(area.width) × \(area.height) pixels at (\(area.x), \(area.y)), does not fit \
            the GIF's \(width) × \(height).
            """
        case .missingColourTable(let frame, let at):
            "Frame \(frame) (byte \(at)) has no colour table, and neither has the GIF."
        case .badCodeSize(let size, let frame, let at):
            "Frame \(frame) is damaged: its code size at byte \(at) is \(size), and must be 2 to 8."
        case .badCode(let code, let frame, let at):
            "Frame \(frame) is damaged: at byte \(at) its data uses the code \(code) before it has a meaning."
        case .colourOutsideTable(let colour, let colours, let frame, let at):
            "Frame \(frame) is damaged: at byte \(at) it uses colour \(colour), and its colour table ends at \(colours - 1)."
        case .imageDataShort(let frame, let pixels, let of, let at):
            "Frame \(frame) is incomplete: its data ends at byte \(at) with \(pixels) of \(of) pixels."
        }
    }
}

extension GIFError.Excess: CustomStringConvertible {
    package var description: String {
        switch self {
        case .bytes(let most): "The GIF is larger than \(size(most)), the most allowed."
        case .side(let side, let most): "The GIF is \(side) pixels wide or high; \(most) are allowed."
        case .frames(let most): "The GIF has more than \(most) frames, the most allowed."
        case .seconds(let seconds, let most): "The GIF lasts \(seconds) seconds or more; \(most) are allowed."
        case .totalPixels(let pixels, let most):
            "The GIF's frames have \(pixels) pixels or more together; \(most) are allowed."
        }
    }

    private func size(_ bytes: Int) -> String {
        bytes > 0 && bytes.isMultiple(of: 1_048_576) ? "\(bytes / 1_048_576) MiB" : "\(bytes) bytes"
    }
}
