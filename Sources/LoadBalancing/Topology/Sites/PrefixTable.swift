/// Values by the longest prefix of an address, with the scope of each answer: for GeoIP data and networks of sites.
///
/// Whoever answers by client subnet has to say how many bits of it decided, and no two answers may overlap: if
/// 10.0.0.0/8 has one value and 10.1.0.0/16 another, then the answer to a client in 10.2.0.0 does not hold for all of
/// 10.0.0.0/8, only for 10.2.0.0/15. The table gives the shortest scope that holds.
///
/// A network that is too wide for one answer, as 10.0.0.0/8 is then, gets that of its first addresses, with their longer scope:
/// it says that more bits would be answered better, and a cache that goes by it gives nobody another's answer.
///
/// - Complexity: O(bits) a look-up, without allocation.
/// - Note: RFC 7871, §7.2.1 and §7.3.1.
public struct PrefixTable<Value: Sendable>: Sendable {
    private struct Node: Sendable {
        var children: (Int32, Int32) = (-1, -1)
        var value: Int32 = -1
    }

    private var nodes: [Node] = [Node(), Node()]
    private var values: [Value] = []

    /// The number of prefixes.
    public private(set) var count = 0

    /// A table without prefixes.
    public init() {}

    /// A table of prefixes; of two equal ones the last counts.
    public init(_ entries: some Sequence<(NetworkPrefix, Value)>) {
        for (prefix, value) in entries { insert(value, for: prefix) }
    }

    /// Adds a prefix, or changes its value.
    public mutating func insert(_ value: Value, for prefix: NetworkPrefix) {
        var node = Self.root(of: prefix.family)
        for depth in 0..<prefix.length {
            let bit = prefix.address.bit(depth)
            let next = bit ? nodes[node].children.1 : nodes[node].children.0
            if next >= 0 {
                node = Int(next)
                continue
            }
            nodes.append(Node())
            let new = Int32(truncatingIfNeeded: nodes.count - 1)
            if bit { nodes[node].children.1 = new } else { nodes[node].children.0 = new }
            node = Int(new)
        }
        if nodes[node].value < 0 {
            count += 1
            nodes[node].value = Int32(truncatingIfNeeded: values.count)
            values.append(value)
        } else {
            values[Int(nodes[node].value)] = value
        }
    }

    /// The value of the longest prefix that has all of `network`, or its first addresses where others within it have another.
    ///
    /// - Parameter network: a client's subnet, or an address as a prefix of its whole length; 0 bits stand for a client who
    ///   does not want its network to count.
    /// - Returns: the value, `nil` if no prefix has the network; and how many bits of its address the answer is good for:
    ///   more than it has if it is too wide for one answer, 0 if the answer is the same for everybody.
    public func lookUp(_ network: NetworkPrefix) -> (value: Value?, scope: Int) {
        var node = Self.root(of: network.family)
        var found: Int32 = nodes[node].value
        var depth = 0
        let end = network.length == 0 ? 0 : network.family.bitCount
        while depth < end {
            let children = nodes[node].children
            if children.0 < 0, children.1 < 0 { break }
            let next = network.address.bit(depth) ? children.1 : children.0
            depth += 1
            // Others are on the other side: this side alone holds.
            guard next >= 0 else { break }
            node = Int(next)
            if nodes[node].value >= 0 { found = nodes[node].value }
        }
        return (found >= 0 ? values[Int(found)] : nil, depth)
    }

    private static func root(of family: NetworkAddress.Family) -> Int { family == .ipv4 ? 0 : 1 }
}

extension NetworkAddress {
    /// A bit, counted from the first.
    func bit(_ index: Int) -> Bool {
        (index < 64 ? high >> UInt64(63 - index) : low >> UInt64(127 - index)) & 1 == 1
    }
}
