import Foundation

/// Lines for the journal.
enum Log {
    static func say(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
}
