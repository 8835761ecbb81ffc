/// What is wrong with a configuration: where, and what to do about it.
struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    /// The setting at fault, with the name of its service; `nil` for the file as a whole.
    let place: String?
    let reason: String

    init(_ place: String?, _ reason: String) {
        self.place = place
        self.reason = reason
    }

    var description: String { place.map { "\($0): \(reason)" } ?? reason }
}
