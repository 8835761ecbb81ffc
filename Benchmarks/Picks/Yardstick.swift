import Foundation

/// What plain C code takes on the same machine: the output of `pickers --tsv`.
///
/// Lines are `name TAB weights TAB threads TAB v3 TAB v10 TAB v100 TAB v1000 TAB v10000`, in nanoseconds a pick, with
/// weights `equal` or `uneven`; `build.name TAB v3 …` in milliseconds; and `prim name TAB one TAB two`, in nanoseconds by one
/// thread and by two. Other lines are passed over.
struct Yardstick {
    private static let backends = [3, 10, 100, 1_000, 10_000]

    /// Nanoseconds by name, weights and threads, or by the name of a build, then by number of backends.
    private var figures: [String: [Int: Double]] = [:]
    /// Nanoseconds of what does not depend on backends.
    private var primitives: [String: Double] = [:]

    init(path: String) throws {
        let source = "pickers --tsv > FILE"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw YardstickError(path: path, problem: "cannot be read", source: source)
        }
        for line in text.split(separator: "\n") { add(line.split(separator: "\t").map(String.init)) }
        guard !figures.isEmpty else { throw YardstickError(path: path, problem: "has no figures", source: source) }
    }

    private mutating func add(_ fields: [String]) {
        if let name = fields.first, name.hasPrefix("prim "), fields.count == 3, let time = Double(fields[1]) {
            primitives[String(name.dropFirst(5))] = time
            return
        }
        let names = fields.dropLast(Self.backends.count)
        let values = fields.suffix(Self.backends.count).compactMap(Double.init)
        guard values.count == Self.backends.count else { return }
        let isBuild = names.count == 1 && names[0].hasPrefix("build.")
        guard isBuild || names.count == 3 else { return }
        figures[names.joined(separator: " ")] = Dictionary(
            uniqueKeysWithValues: zip(Self.backends, isBuild ? values.map { $0 * 1e6 } : values))
    }

    /// Nanoseconds a pick, by one thread unless said otherwise; `nil` where the yardstick was not measured.
    func nanoseconds(_ name: String, _ weights: Weights, threads: Int = 1, backends: Int) -> Double? {
        figures["\(name) \(weights.rawValue) \(threads)"]?[backends]
    }

    /// Nanoseconds to build something.
    func build(_ name: String, backends: Int) -> Double? {
        figures[name]?[backends]
    }

    /// Nanoseconds of something that does not depend on backends, by one thread.
    func primitive(_ name: String) -> Double? {
        primitives[name]
    }
}

/// A file is missing, or not what a yardstick writes.
struct YardstickError: Error, CustomStringConvertible {
    let path: String
    let problem: String
    /// The command that writes such a file.
    let source: String

    var description: String { "\(path) \(problem); write it with: \(source)" }
}
