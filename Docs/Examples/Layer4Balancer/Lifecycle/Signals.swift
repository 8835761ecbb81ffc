// Sources may be cancelled from any thread, which Dispatch does not tell the compiler.
@unsafe @preconcurrency import Dispatch
import Glibc

/// Signals as something to wait for: nothing runs in a handler's place.
enum Signals {
    /// The signals as they come, instead of what they would do.
    static func stream(_ numbers: CInt...) -> AsyncStream<CInt> {
        AsyncStream { continuation in
            let queue = DispatchQueue(label: "signals")
            let sources = numbers.map { number in
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler { continuation.yield(number) }
                source.resume()
                return source
            }
            continuation.onTermination = { _ in
                for source in sources { source.cancel() }
            }
        }
    }
}
