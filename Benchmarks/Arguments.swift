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

    /// The numbers after an option such as `--backends 3,10`; `nil` without the option.
    mutating func numbers(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> [Int]? {
        guard let list = try option(name) else { return nil }
        let words = list.split(separator: ",")
        let numbers = words.compactMap { Int($0) }
        guard !numbers.isEmpty, numbers.count == words.count, numbers.allSatisfy(range.contains) else {
            throw UsageError(
                message: "\(name) needs numbers from \(range.lowerBound) to \(range.upperBound), separated by commas")
        }
        return numbers
    }

    /// The first word that is no option: to be asked for after all options; `nil` if there is none.
    mutating func word() -> String? {
        guard words.first?.hasPrefix("--") == false else { return nil }
        return words.removeFirst()
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

/// What a command found wrong, with the exit code that says so.
struct CommandFailure: Error, CustomStringConvertible {
    let message: String
    let code: CInt

    var description: String { message }
}
