extension RawSpan {
    /// Calls `body` with the last block or two of this message as MD5 and SHA-1 pad it.
    ///
    /// The padded tail is the bytes from `offset` on, a byte 0x80, zeros, and the message's length in bits as the last
    /// eight bytes: 64 or 128 bytes in all. `offset` is the end of the last whole block of 64 bytes; `bitCount` is the
    /// length in bits, already in the byte order the hash asks for.
    @inline(__always)
    func withPaddedTail<Result>(from offset: Int, bitCount: UInt64, _ body: (RawSpan) -> Result) -> Result {
        let rest = extracting(offset..<byteCount)
        let byteCount = rest.byteCount < 56 ? 64 : 128
        // Invariant: `offset` ends the last whole block, so the rest is at most 63 bytes; with 0x80 and the length it
        // fits `byteCount` bytes, all of which are initialized here. They are on the stack and end with `body`.
        return unsafe withUnsafeTemporaryAllocation(byteCount: 128, alignment: 8) { scratch in
            unsafe scratch.initializeMemory(as: UInt8.self, repeating: 0)
            unsafe rest.withUnsafeBytes { unsafe scratch.copyMemory(from: $0) }
            unsafe scratch.storeBytes(of: 0x80, toByteOffset: rest.byteCount, as: UInt8.self)
            unsafe scratch.storeBytes(of: bitCount, toByteOffset: byteCount &- 8, as: UInt64.self)
            return unsafe body(UnsafeRawBufferPointer(scratch).bytes.extracting(first: byteCount))
        }
    }
}
