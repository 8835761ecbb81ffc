#if os(Linux)
    import CPacketSocket
    import Glibc

    /// One interface as a worker uses it: frames come out of a ring, and leave from where they lie.
    ///
    /// It needs CAP_NET_RAW, and has one owner at a time.
    public struct PacketLink: ~Copyable {
        private var receiver: PacketReceiver
        private var queue: SendQueue
        private let number: UInt32
        private var counters = LinkStatistics()

        /// Opens the interface `name`; frames begin to come in at once.
        ///
        /// - Parameters:
        ///   - name: the kernel's name of the interface.
        ///   - number: by what number frames name it, in both directions.
        ///   - options: how much memory is shared with the kernel.
        /// - Throws: ``PacketSocketError``, which says what is missing.
        public init(_ name: String, number: UInt32, options: PacketLinkOptions = PacketLinkOptions())
            throws(PacketSocketError)
        {
            let group = try LinkGroup(on: name, workers: 1, options)
            let receiver = try PacketReceiver(0, of: group, options: options)
            let queue = try SendQueue(on: name, options: options)
            try group.begin(nil, filter: nil)
            self.receiver = receiver
            self.queue = queue
            self.number = number
        }

        /// Opens the link of one of the workers that share an interface; frames come in when the group begins.
        init(_ worker: Int, of group: LinkGroup, number: UInt32, options: PacketLinkOptions) throws(PacketSocketError) {
            let receiver = try PacketReceiver(worker, of: group, options: options)
            let queue = try SendQueue(on: group.name, options: options)
            self.receiver = receiver
            self.queue = queue
            self.number = number
        }

        /// Fills `batch` with frames that have come in, in place; they may be used until ``release()``.
        public mutating func receive(into batch: inout FrameBatch) {
            let before = batch.count
            receiver.receive(into: &batch, interface: number)
            counters.received &+= UInt64(batch.count - before)
        }

        /// Hands the memory of all frames that came in back to the kernel.
        ///
        /// Those that are to be sent must have been, from this link and from others.
        public mutating func release() {
            receiver.release()
        }

        /// Puts a frame on its way out; its memory must stay as it is until ``flush()``.
        @inline(__always)
        public mutating func send(_ frame: inout Frame) {
            queue.append(&frame)
        }

        /// Sends what is on its way out.
        public mutating func flush() {
            queue.flush()
        }

        /// What the link has seen so far.
        public var statistics: LinkStatistics {
            mutating get {
                counters.overrun &+= receiver.takeDropCount()
                counters.unusable = receiver.unusable
                counters.sent = queue.sent
                counters.refused = queue.refused
                return counters
            }
        }

        /// Waits until a frame is there, or until `timeout` milliseconds have passed.
        ///
        /// - Throws: ``PacketSocketError`` if the link is gone.
        public func wait(for timeout: CInt) throws(PacketSocketError) {
            if try Descriptor.awaitReadable(descriptors, for: timeout, on: "link") { try takeErrors() }
        }

        /// Takes note of what has happened to the interface: one that is down may come up again.
        ///
        /// - Throws: ``PacketSocketError`` if the interface is gone.
        func takeErrors() throws(PacketSocketError) {
            try receiver.takeErrors()
        }

        /// The descriptors to wait on: one of them can be read as soon as a frame is there.
        var descriptors: [CInt] { receiver.descriptors }
    }
#endif
