import Glibc

/// Lines for the journal.
enum Log {
    static func say(_ text: String) {
        // What goes wrong is nobody's to hear; a reader that has gone is no reason to end, as SIGPIPE is ignored.
        let bytes = Array("\(text)\n".utf8)
        _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
    }
}
