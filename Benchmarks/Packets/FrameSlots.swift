import CPacketSocket
import PacketForwarding

/// Frames of clients in one piece of memory, as a ring of a packet socket has them.
@safe
struct FrameSlots: ~Copyable {
    // Invariant: `memory` has `count` slots of `stride` bytes, each of which holds the headroom and a frame; slots are
    // checked against `count`, and nobody else has the memory.
    private let memory: UnsafeMutableRawBufferPointer
    private let stride: Int
    private let template: FrameTemplate
    /// Bytes of each frame.
    let byteCount: Int
    /// How many frames there are.
    let count: Int

    /// Room for the longest outer header.
    static let headroom = 64

    /// `count` frames of the first flow.
    init(_ scene: PacketScene, count: Int, flags: UInt8 = 0x10) {
        self.count = count
        template = FrameTemplate(scene, flags: flags)
        byteCount = template.bytes.count
        stride = Self.headroom + (template.bytes.count + 63) / 64 * 64
        unsafe memory = .allocate(byteCount: count * stride, alignment: 1 << 21)
        unsafe packet_socket_prefer_huge_pages(memory.baseAddress, memory.count)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit {
        unsafe memory.deallocate()
    }

    @inline(__always)
    private func slot(_ index: Int) -> UnsafeMutableRawBufferPointer {
        precondition(index >= 0 && index < count, "a slot that is not there")
        return unsafe UnsafeMutableRawBufferPointer(
            start: memory.baseAddress.map { unsafe $0 + index &* stride }, count: stride)
    }

    /// The frame in a slot.
    @inline(__always)
    func frame(_ index: Int) -> Frame {
        unsafe Frame(memory: slot(index), headroom: Self.headroom, byteCount: byteCount)
    }

    /// Writes the frame of a client into a slot.
    func write(_ client: Endpoint, into index: Int) {
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: slot(index)[Self.headroom...])
        unsafe template.bytes.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
        let bits = UInt32(truncatingIfNeeded: client.address.low)
        let checksums = template.checksums(bits, client.port)
        unsafe target.storeBytes(of: bits.bigEndian, toByteOffset: template.source, as: UInt32.self)
        unsafe target.storeBytes(of: client.port.bigEndian, toByteOffset: template.port, as: UInt16.self)
        unsafe target.storeBytes(
            of: checksums.transport.bigEndian, toByteOffset: template.transportChecksum, as: UInt16.self)
        guard let header = template.headerChecksum else { return }
        unsafe target.storeBytes(of: checksums.header.bigEndian, toByteOffset: header, as: UInt16.self)
    }

    /// Copies every frame somewhere else: what a copy of frames costs.
    func copyAll() -> UInt64 {
        let target = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 64)
        defer { unsafe target.deallocate() }
        var sum: UInt64 = 0
        for index in 0..<count {
            let place = index & 31 &* 128
            let source = unsafe UnsafeRawBufferPointer(rebasing: slot(index)[Self.headroom..<Self.headroom + byteCount])
            unsafe UnsafeMutableRawBufferPointer(rebasing: target[place..<place + byteCount]).copyMemory(from: source)
            sum &+= unsafe target.load(fromByteOffset: place, as: UInt64.self)
        }
        return sum
    }
}

/// A frame of no client, and where those of clients differ: in the last four bytes of the address, the port and the
/// checksums.
struct FrameTemplate {
    let bytes: [UInt8]
    /// Where the last four bytes of the client's address stand.
    let source: Int
    /// Where its port stands.
    let port: Int
    let transportChecksum: Int
    /// `nil` for IPv6, which has none.
    let headerChecksum: Int?
    /// Sums of what is the same in all frames.
    private let headerSum: UInt32
    private let transportSum: UInt32

    private static let network = 14

    init(_ scene: PacketScene, flags: UInt8) {
        let isUDP = scene.transport == .udp
        let payload: [UInt8] =
            isUDP
            ? Self.words([0, PacketScene.servicePort, 26, 0]) + Array(repeating: 0, count: 18)
            : Self.words([0, PacketScene.servicePort, 1, 2, 3, 4]) + [0x50, flags] + Self.words([0xFAF0, 0, 0])
        let number: UInt8 = isUDP ? 17 : 6
        let link = Self.bytes(PacketScene.incoming.bits, 6) + Self.bytes(0x0200_0000_000C, 6)
        let destination = Self.bytes(scene.service)
        let length = UInt16(payload.count)
        let sender = Self.bytes(scene.clientAddress(0)).dropLast(4) + [0, 0, 0, 0]
        let header: [UInt8]
        if scene.version == .v4 {
            header = [0x45, 0] + Self.words([20 + length, 0, 0]) + [64, number, 0, 0] + sender + destination
            bytes = link + [0x08, 0x00] + header + payload
            headerSum = Self.sum(header)
            headerChecksum = Self.network + 10
        } else {
            header = [0x60, 0, 0, 0] + Self.words([length]) + [number, 64] + sender + destination
            bytes = link + [0x86, 0xDD] + header + payload
            headerSum = 0
            headerChecksum = nil
        }
        transportSum =
            Self.sum(Array(sender)) + Self.sum(destination) + UInt32(number) + UInt32(length) + Self.sum(payload)
        port = Self.network + header.count
        source = port - destination.count - 4
        transportChecksum = port + (isUDP ? 6 : 16)
    }

    /// The frame of a client.
    func frame(of client: Endpoint) -> [UInt8] {
        var frame = bytes
        let bits = UInt32(truncatingIfNeeded: client.address.low)
        let checksums = checksums(bits, client.port)
        func write(_ word: UInt16, _ offset: Int) {
            frame[offset] = UInt8(word >> 8)
            frame[offset + 1] = UInt8(truncatingIfNeeded: word)
        }
        write(UInt16(bits >> 16), source)
        write(UInt16(truncatingIfNeeded: bits), source + 2)
        write(client.port, port)
        write(checksums.transport, transportChecksum)
        if let headerChecksum { write(checksums.header, headerChecksum) }
        return frame
    }

    /// The checksums of a client's frame.
    @inline(__always)
    func checksums(_ bits: UInt32, _ port: UInt16) -> (header: UInt16, transport: UInt16) {
        let sum = bits >> 16 &+ bits & 0xFFFF
        let transport = ~Self.folded(transportSum &+ sum &+ UInt32(port))
        return (~Self.folded(headerSum &+ sum), transport == 0 ? 0xFFFF : transport)
    }

    private static func bytes(_ address: IPAddress) -> [UInt8] {
        address.version == .v4 ? bytes(UInt64(address.v4Bits), 4) : bytes(address.high, 8) + bytes(address.low, 8)
    }

    private static func bytes(_ number: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> UInt64($0 * 8)) }
    }

    private static func words(_ words: [UInt16]) -> [UInt8] {
        words.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    }

    private static func sum(_ bytes: [UInt8]) -> UInt32 {
        stride(from: 0, to: bytes.count, by: 2).reduce(0) { $0 + UInt32(bytes[$1]) << 8 + UInt32(bytes[$1 + 1]) }
    }

    @inline(__always)
    private static func folded(_ sum: UInt32) -> UInt16 {
        let once = sum >> 16 &+ sum & 0xFFFF
        return UInt16(truncatingIfNeeded: once >> 16 &+ once & 0xFFFF)
    }
}
