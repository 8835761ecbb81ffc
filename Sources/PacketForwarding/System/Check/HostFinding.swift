/// Something about a host that is not as forwarding wants it, and the command line that makes it so.
public struct HostFinding: Hashable, Sendable, Codable {
    /// How bad it is.
    public enum Weight: String, Hashable, Sendable, Codable {
        /// Connections break, or packets do not arrive.
        case fault
        /// It works, and could work better.
        case advice
    }

    /// How bad it is.
    public let weight: Weight
    /// What is the matter, and what it does.
    public let text: String
    /// What a shell with the rights to do so is to run; it lasts until the host starts anew.
    public let remedy: String

    init(_ text: String, weight: Weight = .fault, remedy: String) {
        self.weight = weight
        self.text = text
        self.remedy = remedy
    }
}

extension [HostFinding] {
    /// Those of one remedy once, faults first.
    var settled: [HostFinding] {
        var remedies: Set<String> = []
        let distinct = filter { remedies.insert($0.remedy).inserted }
        return distinct.filter { $0.weight == .fault } + distinct.filter { $0.weight == .advice }
    }
}

extension HostFinding: CustomStringConvertible {
    /// What is the matter, and below it what to run.
    public var description: String { "\(weight.rawValue): \(text)\n    \(remedy)" }
}
