#if os(Linux)
    import Glibc

    /// A file descriptor that is open for as long as this value lives.
    struct Descriptor: ~Copyable {
        let number: CInt

        /// Takes what a system call returned; `nil` if it failed.
        init?(_ number: CInt) {
            guard number >= 0 else { return nil }
            self.number = number
        }

        deinit {
            close(number)
        }

        /// Sets an option of a socket to a value of a trivial type; whether the kernel took it.
        borrowing func set<Value: BitwiseCopyable>(_ option: CInt, of level: CInt, to value: Value) -> Bool {
            var value = value
            return unsafe setsockopt(number, level, option, &value, socklen_t(MemoryLayout<Value>.size)) == 0
        }
    }
#endif
