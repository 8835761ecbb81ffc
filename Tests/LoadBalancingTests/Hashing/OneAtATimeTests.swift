import LoadBalancing
import Testing

@Suite struct OneAtATimeTests {
    /// The sample values of Wikipedia's *Jenkins hash function*; "apple": libmemcached and twemproxy's `test_all.c`.
    @Test(
        arguments: [
            (text: "", value: 0),
            (text: "a", value: 0xCA2E_9442),
            (text: "The quick brown fox jumps over the lazy dog", value: 0x519E_91F5),
            (text: "apple", value: 2_297_466_611),
        ] as [(String, UInt32)])
    func agreesWithItsPeers(text: String, value: UInt32) {
        #expect(OneAtATime.hash(text) == value)
        #expect(OneAtATime.Signed.hash(text) == value)
    }

    /// Computed by a C program of the definition over `signed char` (gcc 12.2, x86-64).
    @Test(
        arguments: [
            (bytes: Array("é".utf8), value: 26_298_542),
            (bytes: Array("naïve café".utf8), value: 1_360_708_230),
            (bytes: Bytes.counting(256), value: 3_571_313_950),
        ] as [([UInt8], UInt32)])
    func takesSignedBytesWhereAsked(bytes: [UInt8], value: UInt32) {
        #expect(OneAtATime.Signed.hash(bytes) == value)
        #expect(OneAtATime.hash(bytes) != value)
    }
}
