/// Sorts rules into hosts and paths.
struct RouteIndexBuilder {
    private(set) var bytes: [UInt8] = []
    private(set) var groups: [RouteIndex.HostGroup] = []
    private(set) var buckets: [RouteIndex.PathBucket] = []
    private(set) var roots: [Int32] = []
    private(set) var order: [UInt32] = []
    private(set) var hostKeys: [(hash: UInt64, number: Int32)] = []
    private(set) var pathKeys: [(hash: UInt64, number: Int32)] = []
    private var hosts: [HostPattern] = []
    private var prefixes: [(group: Int, text: String, number: Int32)] = []

    init(_ rules: [RouteRule]) {
        hosts = [.any]
        var numbers: [HostPattern: Int] = [.any: 0]
        for rule in rules where numbers[rule.host] == nil {
            numbers[rule.host] = hosts.count
            hosts.append(rule.host)
        }
        for (number, host) in hosts.enumerated() {
            groups.append(RouteIndex.HostGroup(text: add(host.text)))
            guard number > 0 else { continue }
            let hash = TextHash.of(host.text.utf8.reversed())
            hostKeys.append((host.isWildcard ? hash ^ TextHash.wildcard : hash, Int32(truncatingIfNeeded: number)))
        }
        roots = Array(repeating: -1, count: hosts.count)
        for (number, host) in hosts.enumerated() {
            addPaths(of: rules.indices.filter { rules[$0].host == host }, rules, group: number)
        }
    }

    private mutating func add(_ text: String) -> TableRange {
        defer { bytes.append(contentsOf: text.utf8) }
        return TableRange(
            start: UInt32(truncatingIfNeeded: bytes.count), count: UInt32(truncatingIfNeeded: text.utf8.count))
    }

    private mutating func add(_ rules: [Int]) -> TableRange {
        defer { order.append(contentsOf: rules.map { UInt32(truncatingIfNeeded: $0) }) }
        return TableRange(
            start: UInt32(truncatingIfNeeded: order.count), count: UInt32(truncatingIfNeeded: rules.count))
    }

    private mutating func addPaths(of numbers: [Int], _ rules: [RouteRule], group: Int) {
        var exact: [String: [Int]] = [:]
        var prefix: [String: [Int]] = [:]
        var tests: [Int] = []
        for number in numbers {
            switch rules[number].match.path {
            case .exact(let path): exact[path, default: []].append(number)
            case .prefix(let path): prefix[RouteRule.trimmed(path), default: []].append(number)
            case .where: tests.append(number)
            }
        }
        groups[group].tests = add(tests)
        let salt = Mixing.mix(UInt64(group))
        for (text, numbers) in exact {
            pathKeys.append((TextHash.of(text.utf8) ^ salt ^ TextHash.exact, addBucket(text, numbers, group: group)))
        }
        for (text, numbers) in prefix {
            let bucket = addBucket(text, numbers, group: group)
            prefixes.append((group, text, bucket))
            if text.isEmpty { roots[group] = bucket } else { pathKeys.append((TextHash.of(text.utf8) ^ salt, bucket)) }
        }
    }

    private mutating func addBucket(_ text: String, _ numbers: [Int], group: Int) -> Int32 {
        buckets.append(
            RouteIndex.PathBucket(
                text: add(text), group: UInt32(truncatingIfNeeded: group), rules: add(numbers)))
        return Int32(truncatingIfNeeded: buckets.count - 1)
    }

    /// Links each host to the longest wildcard that has it too.
    mutating func linkHosts() {
        let wildcards = Dictionary(
            hosts.indices.filter { hosts[$0].isWildcard }.map { (hosts[$0].text, Int32(truncatingIfNeeded: $0)) }
        ) { one, _ in one }
        for number in hosts.indices.dropFirst() {
            groups[number].parent = 0
            var rest = hosts[number].text.utf8.dropFirst()
            while let dot = rest.firstIndex(of: UInt8(ascii: ".")) {
                if let parent = wildcards[String(decoding: rest[dot...], as: UTF8.self)] {
                    groups[number].parent = parent
                    break
                }
                rest = rest[dot...].dropFirst()
            }
        }
    }

    /// Links each prefix to the next shorter one of its host.
    mutating func linkPrefixes() {
        var byGroup: [Int: [String: Int32]] = [:]
        for prefix in prefixes { byGroup[prefix.group, default: [:]][prefix.text] = prefix.number }
        for prefix in prefixes where !prefix.text.isEmpty {
            var text = prefix.text.utf8[...]
            var parent = roots[prefix.group]
            while let slash = text.lastIndex(of: UInt8(ascii: "/")) {
                text = text[..<slash]
                guard let shorter = byGroup[prefix.group]?[String(decoding: text, as: UTF8.self)] else { continue }
                parent = shorter
                break
            }
            buckets[Int(prefix.number)].parent = parent
        }
    }
}
