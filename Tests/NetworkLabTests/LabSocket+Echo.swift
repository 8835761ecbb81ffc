#if os(Linux)
    import Glibc

    @testable import Layer4Lab

    extension LabSocket {
        /// Says that nothing more will be sent.
        func finish() {
            shutdown(descriptor, CInt(SHUT_WR))
        }

        /// Sends a datagram of no bytes.
        func sendNothing() {
            _ = Glibc.send(descriptor, nil, 0, 0)
        }

        /// Answers each datagram with itself, until an empty one comes or nothing for a while.
        func echo() {
            var bytes = [UInt8](repeating: 0, count: 65_535)
            var address = sockaddr_storage()
            while true {
                var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
                let done = unsafe withUnsafeMutablePointer(to: &address) { storage in
                    unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                        let count = unsafe recvfrom(descriptor, &bytes, bytes.count, 0, pointer, &length)
                        guard count > 0 else { return true }
                        return unsafe sendto(descriptor, bytes, count, 0, pointer, length) < 0
                    }
                }
                if done { return }
            }
        }
    }
#endif
