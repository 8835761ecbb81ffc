import Foundation
import PacketForwarding

/// Reads a configuration, and says of a mistake in which service and field it is.
enum ConfigurationFile {
    /// - Throws: ``ConfigurationError``.
    static func read(_ path: String) throws(ConfigurationError) -> DaemonConfiguration {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw ConfigurationError(nil, "cannot be read: \(error.localizedDescription)")
        }
        return try decode(data)
    }

    /// - Throws: ``ConfigurationError``.
    static func decode(_ data: Data) throws(ConfigurationError) -> DaemonConfiguration {
        let tree: Any
        do {
            tree = try JSONSerialization.jsonObject(with: data)
        } catch {
            let reason = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String
            throw ConfigurationError(nil, "not JSON: \(reason ?? error.localizedDescription)")
        }
        try FieldNames.check(tree)
        let configuration: DaemonConfiguration
        do {
            configuration = try JSONDecoder().decode(DaemonConfiguration.self, from: data)
        } catch let error as DecodingError {
            throw ConfigurationError(error, in: tree)
        } catch {
            throw ConfigurationError(nil, "\(error)")
        }
        try configuration.checkSettings()
        return configuration
    }
}

extension ConfigurationError {
    fileprivate init(_ error: DecodingError, in tree: Any) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init(Self.place(context.codingPath + [key], in: tree), "missing")
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            self.init(Self.place(context.codingPath, in: tree), context.debugDescription)
        @unknown default:
            self.init(nil, error.localizedDescription)
        }
    }

    /// `services[2].port` becomes `service "web", port`.
    private static func place(_ path: [any CodingKey], in tree: Any) -> String? {
        var path = path[...]
        var prefix = ""
        if path.count > 1, path.first?.stringValue == "services", let index = path.dropFirst().first?.intValue {
            let services = (tree as? [String: Any])?["services"] as? [[String: Any]]
            let name = services.flatMap { index < $0.count ? $0[index]["name"] as? String : nil }
            prefix = name.map { "service \"\($0)\", " } ?? "service \(index + 1), "
            path = path.dropFirst(2)
        }
        let fields = path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
        let text = prefix + fields.drop { $0 == "." }
        return text.isEmpty ? nil : text
    }
}

extension DaemonConfiguration {
    /// Checks what the engine is not told.
    fileprivate func checkSettings() throws(ConfigurationError) {
        for service in services { try service.check() }
        try Self.check(workers.count, WorkerOptions.counts, "workers.count")
        for core in workers.cores { try Self.check(core, 0...1_023, "workers.cores") }
        try Self.check(leaving.drainSeconds, 0...86_400, "leaving.drainSeconds")
        try Self.check(capture.packets, 0...65_536, "capture.packets")
        try Self.check(capture.bytes, 14...65_535, "capture.bytes")
        try Self.check(ring.options.batch, 1...1_024, "ring.batch")
        try Self.check(ring.options.slotCount, 1...1 << 20, "ring.slotCount")
        try Self.check(ring.options.slotByteCount, 2_048...1 << 20, "ring.slotByteCount")
        try Self.check(ring.options.largeSlotCount, 1...1 << 16, "ring.largeSlotCount")
        try Self.check(ring.options.blockCount, 1...1 << 16, "ring.blockCount")
        try Self.check(ring.options.blockByteCount, 1 << 17...1 << 26, "ring.blockByteCount")
        if let statistics { _ = try StatisticsAddress(statistics) }
        guard control.utf8.count < 108 else {
            throw ConfigurationError("control", "a path of 107 bytes is the longest that a socket may have")
        }
    }

    private static func check<Value: Comparable>(
        _ value: Value, _ range: ClosedRange<Value>, _ place: String
    ) throws(ConfigurationError) {
        guard range.contains(value) else {
            throw ConfigurationError(
                place, "\(value) is out of range; use \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
