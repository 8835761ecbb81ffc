#if os(Linux)
    import Glibc

    /// The end of a tunnel on a backend whose kernel has no tunnel devices: packets come out of a link, are taken out of
    /// their outer headers, and go to the host through a ``TunnelDevice``.
    ///
    /// The host has to have the services' addresses, to accept them on the device (`rp_filter=0` there), and should drop
    /// outer packets before its own stack answers them with an ICMP error.
    public final class TunnelEnd {
        private var link: PacketLink
        private let device: TunnelDevice
        private let receiver: TunnelReceiver
        private var batch: FrameBatch

        /// Packets that the host took.
        public private(set) var delivered: UInt64 = 0
        /// Tunnel packets that were not for us, not from whom they may be, or not whole.
        public private(set) var refused: UInt64 = 0

        /// Opens a link and a device.
        ///
        /// - Parameters:
        ///   - interface: where outer packets come in.
        ///   - device: where inner ones go.
        ///   - receiver: which may pass.
        ///   - options: how the link shares memory with the kernel.
        /// - Throws: ``PacketSocketError``, which says what is missing.
        public init(
            from interface: String, to device: consuming TunnelDevice, _ receiver: TunnelReceiver,
            options: PacketLinkOptions = PacketLinkOptions()
        ) throws(PacketSocketError) {
            link = try PacketLink(interface, number: 0, options: options)
            self.device = device
            self.receiver = receiver
            batch = FrameBatch(capacity: options.batch)
        }

        /// Takes out what has come in so far.
        ///
        /// - Returns: how many frames there were.
        public func step() -> Int {
            batch.removeAll()
            link.receive(into: &batch)
            for index in 0..<batch.count { deliver(&batch[index]) }
            link.release()
            return batch.count
        }

        private func deliver(_ frame: inout Frame) {
            do {
                try receiver.decapsulate(&frame)
                frame.removeTag()
                if device.write(frame) { delivered &+= 1 }
            } catch .notATunnel {
                return
            } catch {
                refused &+= 1
            }
        }

        /// Takes packets out until `isStopped` says so, which is asked at least every 10 ms.
        ///
        /// - Throws: ``PacketSocketError`` if the link is gone.
        public func run(until isStopped: () -> Bool) throws(PacketSocketError) {
            while !isStopped() {
                if step() == 0 { try link.wait(for: 10) }
            }
        }
    }
#endif
