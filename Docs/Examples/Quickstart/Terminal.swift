#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The standard error stream: messages, and one line of progress where a person is watching.
struct Terminal {
    /// Whether somebody is watching; a pipe or a file gets no progress.
    private let isInteractive = isatty(STDERR_FILENO) == 1

    /// Puts `text` in place of the last line of progress.
    func show(_ text: String) {
        if isInteractive { try? OutputFile.standardError.write("\r\u{1B}[K" + text) }
    }

    /// Writes a line that stays.
    func report(_ message: String) {
        show("")
        try? OutputFile.standardError.write(message + "\n")
    }
}

/// An open file to be written; not closed before the process ends.
struct OutputFile {
    static let standardError = OutputFile(descriptor: STDERR_FILENO)

    private let descriptor: CInt
    private let path: String

    private init(descriptor: CInt) {
        self.descriptor = descriptor
        path = "to standard error"
    }

    /// Creates a file, or empties it.
    init(creating path: String) throws(FileError) {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
    }

    func write(_ text: String) throws(FileError) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            #if canImport(Darwin)
                let count = unsafe rest.withUnsafeBytes { unsafe Darwin.write(descriptor, $0.baseAddress, $0.count) }
            #else
                let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            #endif
            guard count > 0 else { throw FileError(path: path, code: errno) }
            rest = rest.dropFirst(count)
        }
    }
}

/// A file that cannot be written.
struct FileError: Error, CustomStringConvertible {
    let path: String
    let code: CInt

    var description: String { "cannot write \(path): \(unsafe String(cString: strerror(code)))" }
}
