/// How many workers there are, and how they work.
public struct WorkerOptions: Hashable, Sendable, Codable {
    /// How many workers share the clients, 1 to 85: each has a thread, a flow table, and a ring for each interface.
    public var count: Int
    /// The cores that the workers' threads stay on, in order; workers beyond them, and all if there are none, go where the
    /// system puts them.
    public var cores: [Int]
    /// Whether a worker without frames waits; one that does not keeps its core busy, and is there at once when a frame comes.
    public var waits: Bool
    /// Whether the kernel lets in only what the engines may act on.
    public var filters: Bool
    /// How the links share memory with the kernel.
    public var link: PacketLinkOptions

    /// Options; one worker that waits, on any core, unless you say otherwise.
    public init(
        count: Int = 1, cores: [Int] = [], waits: Bool = true, filters: Bool = true,
        link: PacketLinkOptions = PacketLinkOptions()
    ) {
        self.count = count
        self.cores = cores
        self.waits = waits
        self.filters = filters
        self.link = link
    }
}

#if os(Linux)
    extension WorkerOptions {
        /// How many workers there may be: each has three of the 256 sockets that the kernel spreads an interface's frames over.
        public static var counts: ClosedRange<Int> { 1...LinkGroup.limit }
    }
#endif
