import Foundation

/// What libmemcached takes on the same machine: the output of `Benchmarks/Peers/libmemcached`.
///
/// Lines are `libmemcached NAME TAB HOSTS TAB NANOSECONDS`; others are passed over.
struct LibmemcachedFigures {
    /// Nanoseconds by name and number of hosts.
    private var figures: [String: Double] = [:]

    init(path: String) throws {
        let source = "Benchmarks/Peers/libmemcached > FILE"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw YardstickError(path: path, problem: "cannot be read", source: source)
        }
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count == 3, fields[0].hasPrefix("libmemcached "), let time = Double(fields[2]) else {
                continue
            }
            figures["\(fields[0].dropFirst(13)) \(fields[1])"] = time
        }
        guard !figures.isEmpty else { throw YardstickError(path: path, problem: "has no figures", source: source) }
    }

    /// Nanoseconds to find a key's server.
    func pick(hosts: Int) -> Double? { figures["generate_hash \(hosts)"] }

    /// Nanoseconds to take over a list of servers, which builds the ring.
    func build(hosts: Int) -> Double? { figures["server_push \(hosts)"] }
}
