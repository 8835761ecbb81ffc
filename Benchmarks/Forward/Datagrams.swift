#if os(Linux)
    import Foundation
    import Glibc

    /// One datagram there and back at a time, through the sockets of the system.
    enum Datagrams {
        private static func open() throws -> CInt {
            let socket = socket(AF_INET, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
            guard socket >= 0 else { throw CommandFailure(message: "no socket: \(errno)", code: 1) }
            var limit = timeval(tv_sec: 0, tv_usec: 200_000)
            _ = unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            return socket
        }

        private static func withAddress<Result>(
            _ host: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
        ) -> Result {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            _ = unsafe inet_pton(AF_INET, host, &address.sin_addr)
            return unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                    unsafe body(general, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }

        /// Answers each datagram with itself for as long as there is who started it.
        static func echo(at host: String, port: UInt16) throws {
            let socket = try open()
            guard unsafe withAddress(host, port, { unsafe bind(socket, $0, $1) }) == 0 else {
                throw CommandFailure(message: "cannot listen on \(host): \(errno)", code: 1)
            }
            print("ready")
            fflush(nil)
            var buffer = [UInt8](repeating: 0, count: 2_048)
            let parent = getppid()
            while getppid() == parent {
                var from = sockaddr_storage()
                var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
                unsafe withUnsafeMutablePointer(to: &from) { pointer in
                    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                        let count = unsafe recvfrom(socket, &buffer, buffer.count, 0, general, &length)
                        if count > 0 { _ = unsafe sendto(socket, buffer, count, 0, general, length) }
                    }
                }
            }
        }

        /// Asks `count` times or for three seconds, each after the last answer, and prints the quantiles in microseconds.
        static func ask(_ host: String, port: UInt16, count: Int) throws {
            let socket = try open()
            _ = unsafe withAddress(host, port) { unsafe connect(socket, $0, $1) }
            let clock = ContinuousClock()
            var times: [Double] = []
            var buffer = [UInt8](repeating: 1, count: 64)
            let end = clock.now + .seconds(3)
            for number in 0..<count + 100 where clock.now < end {
                let start = clock.now
                _ = unsafe send(socket, buffer, 32, 0)
                guard unsafe recv(socket, &buffer, buffer.count, 0) > 0 else { continue }
                if number >= 100 { times.append((clock.now - start) / .microseconds(1)) }
            }
            times.sort()
            guard let last = times.last else { throw CommandFailure(message: "no answers", code: 1) }
            func quantile(_ part: Double) -> Double { times[min(times.count - 1, Int(part * Double(times.count)))] }
            print("p50=\(quantile(0.5)) p99=\(quantile(0.99)) max=\(last) lost=\(count - times.count)")
        }
    }
#endif
