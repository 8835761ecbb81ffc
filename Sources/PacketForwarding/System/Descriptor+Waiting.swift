#if os(Linux)
    import Glibc

    extension Descriptor {
        /// Waits until one of `descriptors` can be read, or until `timeout` milliseconds have passed.
        ///
        /// - Returns: whether something has happened to one of them other than that it can be read.
        /// - Throws: ``PacketSocketError``, which names `subject`, if the system cannot wait for them.
        @discardableResult
        static func awaitReadable(
            _ descriptors: [CInt], for timeout: CInt, on subject: String
        ) throws(PacketSocketError) -> Bool {
            var waiting = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let result = unsafe poll(&waiting, nfds_t(waiting.count), timeout)
            guard result >= 0 || errno == EINTR else { throw PacketSocketError(.wait, on: subject) }
            return waiting.contains { $0.revents & ~Int16(POLLIN) != 0 }
        }
    }
#endif
