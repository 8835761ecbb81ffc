import Foundation

/// The names that a file may use, so that a misspelt one is found and not passed over.
enum FieldNames {
    /// The names by the place of their object; a place is the names on the way to it.
    static let byPlace: [String: Set<String>] = [
        "": names(DaemonConfiguration.CodingKeys.self),
        "tunnelSource": ["ipv4", "ipv6", "spreading", "ipv4Prefix", "ipv6Prefix", "guePort"],
        "limits": ["flows", "halfOpen", "adopted", "answersPerSecond", "sourcePortRest"],
        "fleet": ["balancers", "seed"],
        "workers": names(WorkerSettings.CodingKeys.self),
        "ring": names(RingSettings.CodingKeys.self),
        "leaving": names(LeavingSettings.CodingKeys.self),
        "capture": names(CaptureSettings.CodingKeys.self),
        "services": names(ServiceSettings.CodingKeys.self).union([
            "name", "protocol", "address", "port", "mode", "scheduler", "backends", "announce", "sourceAddresses",
            "sourcePorts", "clampMSS", "resetOnFailure", "endOnFailure", "fragmentInner", "quicConnectionID",
            "timeouts", "persistence", "flows", "halfOpen", "adopted", "tableSize",
        ]),
        "services.backends": ["name", "address", "port", "weight", "serverID"],
        "services.health": names(HealthSettings.CodingKeys.self),
        "services.timeouts": ["tcpHandshake", "tcpEstablished", "tcpClosing", "udp", "fragment"],
        "services.persistence": ["ipv4PrefixLength", "ipv6PrefixLength", "timeout"],
        "services.quicConnectionID": ["form", "offset", "length", "configuration", "readsHandshakes"],
    ]

    private static func names<Key: CodingKey & CaseIterable>(_ keys: Key.Type) -> Set<String> {
        Set(keys.allCases.map(\.stringValue))
    }

    /// Numbers of sixteen bits: of one that does not fit the decoder says no more than that this is no JSON.
    private static let ports: Set<String> = ["port", "guePort", "sourcePorts", "clampMSS"]

    private static func checkPorts(_ value: Any, _ place: String) throws(ConfigurationError) {
        for number in value as? [NSNumber] ?? [value as? NSNumber].compactMap(\.self) {
            guard UInt16(exactly: number.doubleValue) != nil else {
                throw ConfigurationError(place, "\(number) is out of range; use 0 to 65535")
            }
        }
    }

    /// - Throws: ``ConfigurationError`` for the first name that means nothing, or port that is none.
    static func check(_ value: Any, at place: String = "", of service: String? = nil) throws(ConfigurationError) {
        if let list = value as? [Any] {
            for element in list {
                let name = place == "services" ? (element as? [String: Any])?["name"] as? String : service
                try check(element, at: place, of: name)
            }
        }
        guard let object = value as? [String: Any], let known = byPlace[place] else { return }
        for (name, value) in object.sorted(by: { $0.key < $1.key }) {
            let inner = place.isEmpty ? name : "\(place).\(name)"
            let field = service == nil ? inner : inner.split(separator: ".").dropFirst().joined(separator: ".")
            let full = (service.map { "service \"\($0)\", " } ?? "") + field
            guard known.contains(name) else {
                throw ConfigurationError(
                    full,
                    "there is no such setting" + (nearest(to: name, in: known).map { "; is it \"\($0)\"?" } ?? ""))
            }
            if ports.contains(name) { try checkPorts(value, full) }
            try check(value, at: inner, of: service)
        }
    }

    /// The name that takes the fewest changes of a letter, if they are few.
    private static func nearest(to name: String, in known: Set<String>) -> String? {
        let candidates = known.map { (distance: distance($0, name), name: $0) }
        return candidates.filter { $0.distance <= max(1, name.count / 3) }.min { $0 < $1 }?.name
    }

    /// Letters that are missing, too many, others, or swapped with their neighbour.
    private static func distance(_ one: String, _ other: String) -> Int {
        let (one, other) = (Array(one.lowercased()), Array(other.lowercased()))
        var rows = [Array(0...other.count)]
        for line in one.indices {
            var row = [line + 1]
            for column in other.indices {
                let change = rows[line][column] + (one[line] == other[column] ? 0 : 1)
                var least = min(change, row[column] + 1, rows[line][column + 1] + 1)
                let isSwapped =
                    line > 0 && column > 0 && one[line] == other[column - 1] && one[line - 1] == other[column]
                if isSwapped { least = min(least, rows[line - 1][column - 1] + 1) }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[one.count][other.count]
    }
}
