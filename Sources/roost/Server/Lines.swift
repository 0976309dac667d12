import Foundation

/// Writes a line to whoever started the program, at once. If nobody reads it any more, or the disk it goes to is full, the line
/// is lost and nothing else: `FileHandle.write(_:)` would end the program.
func writeLine(_ line: String, to file: FileHandle = .standardOutput) {
    try? file.write(contentsOf: Data((line + "\n").utf8))
}
