/// The order of HAProxy's `balance roundrobin`, as observed from 2.6 with one thread and servers that stay as they are.
///
/// A model for comparison: the package has no policy with this order, which is as even as nginx's and begins otherwise.
///
/// Positions on a line are given out one after another. A server of weight w among W in all is due every W / w positions; the
/// remainders are carried along. Whoever is due at the present position goes first, the longest waiting of those; if nobody is
/// due, the heaviest that has not begun its round; if there is none either, whoever is due next. Servers due beyond the end
/// of the round wait for the next one, the heaviest first.
struct HAProxyRoundRobin {
    /// What there is to know of a server.
    private struct Server {
        let index: Int
        let weight: Int
        /// When it is due again; 0 before its first turn.
        var due = 0
        /// What the division by the weight left over.
        var remainder = 0
    }

    /// A server with the number that it is sorted by; equal ones keep the order in which they came.
    private struct Entry {
        let key: UInt32
        let server: Server
    }

    /// Servers whose next turn is in this round.
    private var present: [Entry] = []
    /// Servers that have not begun this round.
    private var waiting: [Entry] = []
    /// Servers that have had their turns and wait for the next round.
    private var next: [Entry] = []
    private let total: Int
    private var position: Int

    /// The largest weight that HAProxy takes.
    static let maximumWeight = 256
    /// HAProxy counts in sixteenths of a weight.
    private static let scale = 16

    /// Begins with the weights of all servers, each from 0 to ``maximumWeight``.
    init(weights: [Int]) {
        total = weights.reduce(0, +) * Self.scale
        position = total
        for (index, weight) in weights.enumerated() where weight > 0 {
            Self.insert(Server(index: index, weight: weight * Self.scale), into: &waiting)
        }
    }

    /// The next pick; `nil` if no server has a weight.
    mutating func pick() -> Int? {
        guard var server = takeNext() else { return nil }
        let origin = server.due == 0 ? position : server.due
        server.due = origin + total / server.weight
        server.remainder += total % server.weight
        if server.remainder >= server.weight {
            server.remainder -= server.weight
            server.due += 1
        }
        position += 1
        if server.due >= 2 * total {
            server.due -= total
            Self.insert(server, into: &next)
        } else {
            let finest = Self.maximumWeight * Self.scale + server.remainder - server.weight
            let key = Self.maximumWeight * server.due + finest / Self.scale
            Self.insert(server, key: UInt32(truncatingIfNeeded: key), into: &present)
        }
        return server.index
    }

    private mutating func takeNext() -> Server? {
        for _ in 0..<2 {
            if let first = present.first, first.server.due <= position { return present.removeFirst().server }
            if !waiting.isEmpty {
                var server = waiting.removeFirst().server
                server.due = 0
                server.remainder = 0
                return server
            }
            if !present.isEmpty { return present.removeFirst().server }
            swap(&waiting, &next)
            position = total
        }
        return nil
    }

    /// Puts a server among those that wait, the heaviest first.
    private static func insert(_ server: Server, into entries: inout [Entry]) {
        insert(server, key: UInt32(truncatingIfNeeded: maximumWeight * scale - server.weight), into: &entries)
    }

    private static func insert(_ server: Server, key: UInt32, into entries: inout [Entry]) {
        let place = entries.firstIndex { $0.key > key } ?? entries.endIndex
        entries.insert(Entry(key: key, server: server), at: place)
    }
}
