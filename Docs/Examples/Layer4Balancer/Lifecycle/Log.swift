import Glibc

/// Lines for the journal.
enum Log {
    static func say(_ text: String) {
        // A reader that has gone is no reason to end.
        let bytes = Array("\(text)\n".utf8)
        _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
    }
}
