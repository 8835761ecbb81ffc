import Foundation

/// What plain C code takes on the same machine: the output of `pickers --tsv`.
///
/// Lines are `name TAB weights TAB threads TAB v3 TAB v10 TAB v100 TAB v1000 TAB v10000`, in nanoseconds a pick, with
/// weights `equal` or `uneven`; other lines are passed over.
struct Yardstick {
    private static let backends = [3, 10, 100, 1_000, 10_000]

    /// Nanoseconds by name, weights and threads, then by number of backends.
    private var figures: [String: [Int: Double]] = [:]

    init(path: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw YardstickError(path: path, problem: "cannot be read")
        }
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count == 3 + Self.backends.count else { continue }
            let values = fields[3...].compactMap(Double.init)
            guard values.count == Self.backends.count else { continue }
            figures[fields[0...2].joined(separator: " ")] = Dictionary(
                uniqueKeysWithValues: zip(Self.backends, values))
        }
        guard !figures.isEmpty else { throw YardstickError(path: path, problem: "has no figures") }
    }

    /// Nanoseconds a pick by one thread; `nil` where the yardstick was not measured.
    func nanoseconds(_ name: String, _ weights: Weights, backends: Int) -> Double? {
        figures["\(name) \(weights.rawValue) 1"]?[backends]
    }
}

/// A file is missing, or not what `pickers --tsv` writes.
struct YardstickError: Error, CustomStringConvertible {
    let path: String
    let problem: String

    var description: String { "\(path) \(problem); write it with: pickers --tsv --no-build > FILE" }
}
