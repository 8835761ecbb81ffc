import Glibc
import LoadBalancing
import PacketForwarding

/// Memory for a worker's flows that outlives its engine, and with a file the process.
@safe
final class FlowMemory: @unchecked Sendable {
    // Invariant: `bytes` is mapped for as long as this object lives. Engines are made of it one after the other, and each ends
    // before this object does: whoever makes one promises that.
    private let bytes: UnsafeMutableRawBufferPointer

    /// Memory that ends with the process.
    init(byteCount: Int) throws(FlowMemoryError) {
        try unsafe bytes = Self.map(byteCount, MAP_PRIVATE | MAP_ANONYMOUS, -1, path: nil)
    }

    /// A file, which is made if there is none.
    init(path: String, byteCount: Int) throws(FlowMemoryError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FlowMemoryError(.open, path: path, code: errno) }
        defer { close(descriptor) }
        guard ftruncate(descriptor, byteCount) == 0 else { throw FlowMemoryError(.reserve, path: path, code: errno) }
        // What is only promised would end the process when it is touched.
        let result = posix_fallocate(descriptor, 0, byteCount)
        guard result == 0 else { throw FlowMemoryError(.reserve, path: path, code: result) }
        try unsafe bytes = Self.map(byteCount, MAP_SHARED, descriptor, path: path)
    }

    deinit {
        unsafe munmap(bytes.baseAddress, bytes.count)
    }

    private static func map(
        _ byteCount: Int, _ flags: CInt, _ descriptor: CInt, path: String?
    ) throws(FlowMemoryError) -> UnsafeMutableRawBufferPointer {
        let address = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw FlowMemoryError(.map, path: path, code: errno)
        }
        return unsafe UnsafeMutableRawBufferPointer(start: address, count: byteCount)
    }

    /// An engine that goes on with the flows that are here, and ends before this object.
    @unsafe
    func attach(
        _ control: ForwardingControl, _ capacity: EngineCapacity, _ worker: WorkerNumber
    ) throws(FlowTableError) -> ForwardingEngine {
        try unsafe ForwardingEngine(
            attachingTo: bytes, control, capacity: capacity, worker: worker, now: BootTime.now)
    }

    /// An engine without flows, whatever was here, that ends before this object.
    @unsafe
    func format(
        _ control: ForwardingControl, _ capacity: EngineCapacity, _ worker: WorkerNumber
    ) throws(FlowTableError) -> ForwardingEngine {
        try unsafe ForwardingEngine(formatting: bytes, control, capacity: capacity, worker: worker, now: BootTime.now)
    }
}

/// Memory for flows that cannot be had.
struct FlowMemoryError: Error, Hashable, CustomStringConvertible {
    enum Operation: String {
        case open = "open"
        case lock = "lock"
        case reserve = "reserve memory in"
        case map = "map"
    }

    let operation: Operation
    let path: String?
    let code: CInt

    init(_ operation: Operation, path: String?, code: CInt) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    var description: String {
        let reason = unsafe String(cString: strerror(code))
        let remedy = remedy.map { "; \($0)" } ?? ""
        return "flowMemory: cannot \(operation.rawValue) \(path ?? "memory"): \(reason)\(remedy)"
    }

    private var remedy: String? {
        switch (operation, code) {
        case (.lock, _): "another balancer uses the folder; stop that one, or name another folder"
        case (_, ENOSPC), (_, ENOMEM): "lower limits.flows, or give the file system more room: mount -o remount,size=1G"
        case (_, EACCES), (_, EPERM): "let this user write there"
        case (_, ENOENT): "make the folder above it"
        case (.reserve, EOPNOTSUPP), (.reserve, EINVAL): "use a folder on a tmpfs, such as /dev/shm"
        default: nil
        }
    }
}

/// Time that goes on when a process ends, as flows do that outlive it.
enum BootTime {
    static let source = TimeSource.monotonic {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    static var now: Timestamp { source.now() }
}
