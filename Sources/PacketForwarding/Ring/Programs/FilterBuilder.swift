#if os(Linux)
    import CPacketSocket

    /// Writes a program of classic BPF from its end to its beginning.
    ///
    /// Jumps only lead forward, so whoever writes a jump knows where it leads. A test jumps over 255 instructions at most:
    /// where that is not enough, it jumps to an unconditional jump, which is put in its way.
    struct FilterBuilder {
        /// A place in the program: the instructions from there to the end.
        struct Label: Hashable {
            fileprivate let left: Int
        }

        /// What a test compares the accumulator with a number by.
        enum Test {
            case isEqual, isGreater, isGreaterOrEqual, hasAnyBit

            fileprivate var code: CInt {
                switch self {
                case .isEqual: BPF_JEQ
                case .isGreater: BPF_JGT
                case .isGreaterOrEqual: BPF_JGE
                case .hasAnyBit: BPF_JSET
                }
            }
        }

        /// The most instructions that the kernel takes.
        static let limit = 4_096
        /// How far a test may jump when both of its ways are to get an instruction of their own.
        private static let reach = 253

        private var reversed: [sock_filter] = []
        /// The last unconditional jump to a place.
        private var bridges: [Label: Label] = [:]

        /// The place of what was written last.
        var here: Label { Label(left: reversed.count) }

        /// Writes an instruction before all others; it goes on with the next.
        mutating func put(_ code: CInt, _ number: UInt32 = 0) {
            reversed.append(sock_filter(code: UInt16(truncatingIfNeeded: code), jt: 0, jf: 0, k: number))
        }

        /// Writes several instructions, which are given in the order in which they run.
        mutating func put(_ instructions: [(CInt, UInt32)]) {
            for (code, number) in instructions.reversed() { put(code, number) }
        }

        /// Writes an answer, and gives its place.
        mutating func answer(_ number: UInt32) -> Label {
            put(BPF_RET | BPF_K, number)
            return here
        }

        /// Goes on at `place`.
        mutating func jump(to place: Label) {
            if place != here { put(BPF_JMP | BPF_JA, UInt32(truncatingIfNeeded: reversed.count - place.left)) }
        }

        /// Goes on at one of two places.
        mutating func branch(_ test: Test, _ number: UInt32, then: Label, otherwise: Label) {
            let (yes, no) = (near(then), near(otherwise))
            let count = reversed.count
            reversed.append(
                sock_filter(
                    code: UInt16(truncatingIfNeeded: BPF_JMP | BPF_K | test.code),
                    jt: UInt8(truncatingIfNeeded: count - yes.left), jf: UInt8(truncatingIfNeeded: count - no.left),
                    k: number))
        }

        /// Goes on at `then` if the accumulator is one of `numbers`.
        mutating func branch(ifOneOf numbers: [UInt32], then: Label, otherwise: Label) {
            var otherwise = otherwise
            for number in numbers.reversed() {
                branch(.isEqual, number, then: then, otherwise: otherwise)
                otherwise = here
            }
        }

        /// A place within reach from which the program goes on at `place`.
        private mutating func near(_ place: Label) -> Label {
            if reversed.count - place.left <= Self.reach { return place }
            if let bridge = bridges[place], reversed.count - bridge.left <= Self.reach { return bridge }
            jump(to: place)
            bridges[place] = here
            return here
        }

        /// The program from what was written last; `nil` if the kernel would find it too long.
        var program: PacketFilter? {
            reversed.count <= Self.limit ? PacketFilter(instructions: reversed.reversed()) : nil
        }
    }
#endif
