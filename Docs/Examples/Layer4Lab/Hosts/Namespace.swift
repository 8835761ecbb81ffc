import Glibc

/// Network namespaces as this thread sees them (setns(2)).
enum Namespace {
    private typealias Call = @convention(c) (CInt, CInt) -> CInt
    private static let network: CInt = 0x4000_0000

    /// Moves this thread into a network namespace; sockets that it opens and programs that it starts belong there for good.
    static func enter(_ path: String) throws(LabError) {
        // The C library has the call, but declares it only for GNU sources.
        guard let symbol = unsafe dlsym(nil, "setns") else { throw LabError("there is no setns here") }
        let call = unsafe unsafeBitCast(symbol, to: Call.self)
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LabError("cannot open \(path)") }
        defer { close(descriptor) }
        guard call(descriptor, network) == 0 else { throw LabError("cannot enter \(path): be root") }
    }
}

/// What is wrong with a lab, or with what was done in it.
struct LabError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
