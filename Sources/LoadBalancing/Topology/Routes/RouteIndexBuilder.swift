/// Sorts rules into hosts and trees of paths.
struct RouteIndexBuilder {
    /// A node's place in its tree.
    private struct Step: Hashable {
        let parent: Int32
        let element: ArraySlice<UInt8>
    }

    private(set) var words: [UInt64] = []
    private(set) var groups: [RouteIndex.HostGroup] = []
    private(set) var nodes: [RouteIndex.PathNode] = []
    private(set) var order: [UInt32] = []
    private(set) var exactHosts: [(hash: UInt64, number: Int32)] = []
    private(set) var wildcards: [(hash: UInt64, number: Int32)] = []
    private(set) var children: [(hash: UInt64, number: Int32)] = []
    /// The bytes of the longest wildcard, without its star.
    private(set) var longestWildcard = 0
    private var numbers: [Step: Int32] = [:]

    init(_ rules: [RouteRule]) {
        var hosts: [HostPattern] = [.any]
        var numbers: [HostPattern: Int] = [.any: 0]
        var rulesOfHost: [[Int]] = [[]]
        for (number, rule) in rules.enumerated() {
            let host = numbers[rule.host] ?? hosts.count
            if host == hosts.count {
                numbers[rule.host] = host
                hosts.append(rule.host)
                rulesOfHost.append([])
            }
            rulesOfHost[host].append(number)
        }
        for (number, host) in hosts.enumerated() {
            addHost(host, number: number)
            addPaths(of: rulesOfHost[number], rules, group: number)
        }
        linkHosts(hosts)
    }

    private mutating func addHost(_ host: HostPattern, number: Int) {
        groups.append(RouteIndex.HostGroup(text: add(host.text.utf8)))
        groups[number].root = addNode([], parent: -1)
        guard number > 0 else { return }
        if host.isWildcard {
            let hash = host.text.utf8.reversed().reduce(TextHash.suffixStart) { TextHash.adding($1, to: $0) }
            wildcards.append((TextHash.finished(hash), Int32(truncatingIfNeeded: number)))
            longestWildcard = max(longestWildcard, host.text.utf8.count)
        } else {
            let hash = withRawSpan(of: host.text.utf8) { TextHash.ofHost($0, to: $0.byteCount) }
            exactHosts.append((hash, Int32(truncatingIfNeeded: number)))
        }
    }

    private mutating func addPaths(of host: [Int], _ rules: [RouteRule], group: Int) {
        var exact: [Int32: [Int]] = [:]
        var prefix: [Int32: [Int]] = [:]
        var tests: [Int] = []
        let first = nodes.count - 1
        for number in host {
            switch rules[number].match.path {
            case .exact(let path): exact[node(of: path, root: groups[group].root), default: []].append(number)
            case .prefix(let path):
                prefix[node(of: RouteRule.trimmed(path), root: groups[group].root), default: []].append(number)
            case .where: tests.append(number)
            }
        }
        groups[group].tests = add(tests, rules)
        for index in first..<nodes.count {
            let number = Int32(truncatingIfNeeded: index)
            nodes[index].exact = add(exact[number] ?? [], rules)
            nodes[index].prefix = add(prefix[number] ?? [], rules)
            // A node's parent lies before it.
            guard nodes[index].parent >= 0 else { continue }
            let parent = nodes[Int(nodes[index].parent)]
            nodes[index].shorter = parent.prefix.count > 0 ? nodes[index].parent : parent.shorter
        }
    }

    /// The node of a path, which begins with a slash, or is empty for the root.
    private mutating func node(of path: String, root: Int32) -> Int32 {
        Array(path.utf8).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst().reduce(root)
        {
            numbers[Step(parent: $0, element: $1)] ?? addNode($1, parent: $0)
        }
    }

    private mutating func addNode(_ element: ArraySlice<UInt8>, parent: Int32) -> Int32 {
        let number = Int32(truncatingIfNeeded: nodes.count)
        nodes.append(RouteIndex.PathNode(text: add(element), parent: parent))
        guard parent >= 0 else { return number }
        numbers[Step(parent: parent, element: element)] = number
        children.append((withRawSpan(of: element) { TextHash.ofElement($0, from: 0, below: parent).hash }, number))
        return number
    }

    private mutating func add(_ text: some Collection<UInt8>) -> WordRange {
        defer { words += TextWord.words(of: text) }
        return WordRange(
            start: UInt32(truncatingIfNeeded: words.count), byteCount: UInt32(truncatingIfNeeded: text.count))
    }

    private mutating func add(_ numbers: [Int], _ rules: [RouteRule]) -> TableRange {
        defer {
            order += numbers.map {
                UInt32(truncatingIfNeeded: $0) | (rules[$0].isConditional ? RouteIndex.conditional : 0)
            }
        }
        return TableRange(
            start: UInt32(truncatingIfNeeded: order.count), count: UInt32(truncatingIfNeeded: numbers.count))
    }

    /// Links each host to the longest wildcard that has it too.
    private mutating func linkHosts(_ hosts: [HostPattern]) {
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
}
