/// The words after a subcommand, taken out one by one.
struct Arguments {
    private var words: [String]

    init(_ words: [String]) {
        self.words = words
    }

    /// Whether a switch such as `--quick` is there.
    mutating func flag(_ name: String) -> Bool {
        guard let place = words.firstIndex(of: name) else { return false }
        words.remove(at: place)
        return true
    }

    /// The word after an option such as `--json`; `nil` without the option.
    mutating func option(_ name: String) throws(UsageError) -> String? {
        guard let place = words.firstIndex(of: name) else { return nil }
        guard place + 1 < words.count, !words[place + 1].hasPrefix("--") else {
            throw UsageError(message: "\(name) needs a value")
        }
        let value = words[place + 1]
        words.removeSubrange(place...place + 1)
        return value
    }

    /// Checks that nothing is left over.
    func finish() throws(UsageError) {
        if let word = words.first { throw UsageError(message: "\"\(word)\" is not understood") }
    }
}

/// What is wrong with the command line.
struct UsageError: Error {
    let message: String
}
