#if os(Linux)
    import CPacketSocket
    import Synchronization

    /// The sockets by which workers share the frames of one interface.
    ///
    /// Each worker has three, for a ring of slots, one of blocks and one of large slots, and all of them are one group, whose
    /// program says which of them gets a frame. To replace the program is how workers switch between their rings, and how they learn of new
    /// services: no frame goes to two of them or to none.
    ///
    /// When an interface goes down, all sockets leave their group, and join again in the order in which they were opened when
    /// it comes up: so they join in that order in the first place.
    final class LinkGroup: Sendable {
        /// The sockets of one worker.
        final class Member: Sendable {
            let slots: PacketSocket
            let blocks: PacketSocket
            let largeSlots: PacketSocket

            init(on name: String) throws(PacketSocketError) {
                slots = try Self.open(name)
                blocks = try Self.open(name)
                largeSlots = try Self.open(name)
            }

            /// Calls `body` with each of them, in the order in which they join.
            func forEach(
                _ body: (borrowing PacketSocket) throws(PacketSocketError) -> Void
            ) throws(PacketSocketError) {
                try body(slots)
                try body(blocks)
                try body(largeSlots)
            }

            /// Lets in what a program says; what another says, if the kernel has no room for the first (`net.core.optmem_max`).
            func setFilter(_ program: PacketFilter, orElse smaller: PacketFilter) throws(PacketSocketError) {
                do {
                    try forEach { (socket) throws(PacketSocketError) in try socket.setFilter(program) }
                } catch {
                    try forEach { (socket) throws(PacketSocketError) in try socket.setFilter(smaller) }
                }
            }

            /// Lets in everything.
            func removeFilters() {
                slots.removeFilter()
                blocks.removeFilter()
                largeSlots.removeFilter()
            }

            /// A socket that drops all that it gets until it is told otherwise, and what it sends is not to come back.
            private static func open(_ name: String) throws(PacketSocketError) -> PacketSocket {
                let socket = try PacketSocket(on: name)
                try socket.set(PACKET_IGNORE_OUTGOING, to: CInt(1))
                try socket.setFilter(.always(0))
                return socket
            }
        }

        private struct State {
            var rules: SpreadRules?
            var flooded: [Bool]
            var filter: FrameRules?
        }

        /// The most workers of a group: the kernel has 256 sockets in one.
        static let limit = 85

        /// The interface's name.
        let name: String
        let members: [Member]
        /// The longest packet for which slots have room.
        private let longest: Int
        private let state: Mutex<State>

        /// Opens sockets for `workers` workers, which begin with their blocks or their slots; ``begin(_:filter:)`` lets frames in.
        init(on name: String, workers: Int, _ options: PacketLinkOptions) throws(PacketSocketError) {
            var members: [Member] = []
            for _ in 0..<workers { members.append(try Member(on: name)) }
            self.name = name
            self.members = members
            longest = options.longestInSlot
            let flooded = Array(repeating: options.mode == .blocks, count: workers)
            state = Mutex(State(rules: nil, flooded: flooded, filter: nil))
        }

        /// Lets frames in, once all members have rings.
        ///
        /// - Parameters:
        ///   - rules: how they are spread; `nil` for a group of one worker.
        ///   - filter: which frames come in; `nil` for all.
        /// - Throws: ``PacketSocketError`` if the interface is down or gone, or the kernel takes no group.
        func begin(_ rules: SpreadRules?, filter: FrameRules?) throws(PacketSocketError) {
            guard let first = members.first else { return }
            for member in members {
                try member.forEach { (socket) throws(PacketSocketError) in try socket.bind(receives: true) }
            }
            let group = try first.slots.makeGroup()
            try first.blocks.join(group)
            try first.largeSlots.join(group)
            for member in members.dropFirst() {
                try member.forEach { (socket) throws(PacketSocketError) in try socket.join(group) }
            }
            state.withLock { $0.rules = rules }
            guard state.withLock({ install($0) }) else { throw PacketSocketError(.join, on: name) }
            try setFilter(filter)
        }

        /// Has a worker get frames by its other ring from now on; whether the kernel could be told.
        func turn(_ worker: Int, toBlocks: Bool) -> Bool {
            state.withLock { state in
                state.flooded[worker] = toBlocks
                if install(state) { return true }
                state.flooded[worker] = !toBlocks
                return false
            }
        }

        /// Has frames spread by other rules from now on, and lets others in; what the kernel does not take stays as it was.
        func follow(_ rules: SpreadRules?, filter: FrameRules?) {
            state.withLock { state in
                guard let rules, state.rules != rules else { return }
                let before = state.rules
                state.rules = rules
                if !install(state) { state.rules = before }
            }
            try? setFilter(filter)
        }

        /// Lets in what `filter` says; all if it is `nil`.
        func setFilter(_ filter: FrameRules?) throws(PacketSocketError) {
            try state.withLock { state throws(PacketSocketError) in
                guard let filter else {
                    for member in members { member.removeFilters() }
                    return state.filter = nil
                }
                guard state.filter != filter else { return }
                // What is in force is not known until all have the new one.
                state.filter = nil
                let program = filter.program
                for member in members { try member.setFilter(program, orElse: .station(filter.station)) }
                state.filter = filter
            }
        }

        private func install(_ state: borrowing State) -> Bool {
            // A group of one worker spreads nothing.
            let rules = state.rules ?? SpreadRules([], sources: [], seed: 0, workers: 1)
            let program = SpreadProgram(rules, flooded: state.flooded, longest: longest).program
            guard let program, let first = members.first else { return false }
            return (try? first.slots.setGroupProgram(program)) != nil
        }
    }
#endif
