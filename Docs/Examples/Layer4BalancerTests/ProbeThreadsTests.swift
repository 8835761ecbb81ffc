import Foundation
import Glibc
import LoadBalancing
import PacketForwarding
import Testing

@testable import Layer4Balancer

/// Probes that wait for an answer keep no others waiting, however few cores there are.
struct ProbeThreadsTests {
    /// A UDP socket of a loopback address, bound to a port; with 0, to some port.
    private static func bind(_ address: IPAddress, _ port: UInt16) throws -> (socket: CInt, port: UInt16) {
        let descriptor = socket(AF_INET, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        let result = unsafe Endpoint(address, port).withSocketAddress { unsafe Glibc.bind(descriptor, $0, $1) }
        try #require(result == 0)
        var name = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        return (descriptor, name.sin_port.bigEndian)
    }

    @Test func serversThatAreSilentKeepNobodyWaiting() throws {
        let silent = try #require(IPAddress("127.0.0.1"))
        let lively = try #require(IPAddress("127.0.1.1"))
        let (quiet, port) = try Self.bind(silent, 0)
        defer { close(quiet) }
        let (echo, _) = try Self.bind(lively, port)
        Thread.detachNewThread {
            defer { close(echo) }
            var bytes = [UInt8](repeating: 0, count: 64)
            var from = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            unsafe withUnsafeMutablePointer(to: &from) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { sender in
                    let count = unsafe recvfrom(echo, &bytes, bytes.count, 0, sender, &length)
                    _ = unsafe sendto(echo, bytes, max(count, 0), 0, sender, length)
                }
            }
        }
        let settings = try JSONDecoder().decode(
            HealthSettings.self, from: Data(#"{"probe": "udp", "timeout": 20}"#.utf8))
        let service = ServiceConfiguration(
            name: "s", transport: .udp, address: try #require(IPPrefix("203.0.113.1")), port: port, mode: .nat)
        let prober = Prober(settings, of: service, tunnelSource: TunnelSource())
        let start = ContinuousClock.now
        for number in 0..<128 {
            prober.begin(on: BackendConfiguration(name: "silent \(number)", address: silent, port: port)) { _ in }
        }
        let isAnswered = DispatchSemaphore(value: 0)
        prober.begin(on: BackendConfiguration(name: "lively", address: lively, port: port)) { answer in
            if case .success(let report) = answer, report.status == .healthy { isAnswered.signal() }
        }
        let outcome = isAnswered.wait(timeout: .now() + 20)
        #expect(outcome == .success)
        // On a thread that a silent one gave back it would be more than their timeout.
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
