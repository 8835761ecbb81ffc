/// SHA-256 (FIPS 180-4), for the digests of whole tables.
enum SHA256 {
    /// The digest of `bytes`, in hexadecimal.
    static func hexadecimal(_ bytes: [UInt8]) -> String {
        var message = bytes + [0x80]
        message += [UInt8](repeating: 0, count: (120 - message.count % 64) % 64)
        message += (0..<8).map { UInt8(truncatingIfNeeded: UInt64(bytes.count * 8) >> UInt64(56 - 8 * $0)) }
        var state = start
        for block in stride(from: 0, to: message.count, by: 64) { mix(message[block..<block + 64], into: &state) }
        return state.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    private static func mix(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
        var words = [UInt32](repeating: 0, count: 64)
        for (place, byte) in block.enumerated() { words[place / 4] = words[place / 4] << 8 | UInt32(byte) }
        for place in 16..<64 {
            let early = words[place - 15]
            let late = words[place - 2]
            words[place] =
                words[place - 16] &+ words[place - 7]
                &+ (turned(early, 7) ^ turned(early, 18) ^ early >> 3)
                &+ (turned(late, 17) ^ turned(late, 19) ^ late >> 10)
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for place in 0..<64 {
            let first =
                h &+ (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) &+ ((e & f) ^ (~e & g)) &+ constants[place]
                &+ words[place]
            let second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) &+ ((a & b) ^ (a & c) ^ (b & c))
            (e, f, g, h) = (d &+ first, e, f, g)
            (a, b, c, d) = (first &+ second, a, b, c)
        }
        for (place, word) in [a, b, c, d, e, f, g, h].enumerated() { state[place] &+= word }
    }

    private static func turned(_ word: UInt32, _ bits: UInt32) -> UInt32 {
        word >> bits | word << (32 - bits)
    }

    /// The first 32 bits of the fractions of the square roots of the first 8 primes.
    private static let start = primes.prefix(8).map { prime in fraction { $0 * $0 <= prime << 64 } }
    /// The first 32 bits of the fractions of the cube roots of the first 64 primes.
    private static let constants = primes.map { prime in fraction { $0 * $0 * $0 <= prime << 96 } }

    private static let primes: [UInt128] = {
        var primes: [UInt128] = []
        var number: UInt128 = 2
        while primes.count < 64 {
            if primes.allSatisfy({ number % $0 != 0 }) { primes.append(number) }
            number += 1
        }
        return primes
    }()

    /// The low 32 bits of the largest number of at most 36 bits that is `allowed`: of a root of at most 4 bits, times 2³².
    private static func fraction(_ allowed: (UInt128) -> Bool) -> UInt32 {
        var root: UInt128 = 0
        for bit in stride(from: 35, through: 0, by: -1) where allowed(root | 1 << UInt128(bit)) {
            root |= 1 << UInt128(bit)
        }
        return UInt32(truncatingIfNeeded: root)
    }
}
