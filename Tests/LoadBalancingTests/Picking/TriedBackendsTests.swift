import LoadBalancing
import Testing

@Suite struct TriedBackendsTests {
    @Test(
        arguments: [
            (inserted: [], remembered: [], count: 0),
            (inserted: [5], remembered: [5], count: 1),
            (inserted: [5, 5, 5], remembered: [5], count: 1),
            (inserted: [1, 2, 3, 4, 5, 6, 7, 8], remembered: [1, 2, 3, 4, 5, 6, 7, 8], count: 8),
            // The ninth takes the place of the oldest, the tenth that of the next.
            (inserted: [1, 2, 3, 4, 5, 6, 7, 8, 9], remembered: [2, 3, 4, 5, 6, 7, 8, 9], count: 9),
            (inserted: Array(1...10), remembered: Array(3...10), count: 10),
            (inserted: Array(1...20), remembered: Array(13...20), count: 20),
            // The forgotten may be tried again.
            (inserted: Array(1...9) + [1], remembered: [1] + Array(3...9), count: 10),
            // 0 is no slot's number.
            (inserted: [0, .max], remembered: [.max], count: 1),
        ] as [(inserted: [UInt32], remembered: [UInt32], count: Int)])
    func remembersEight(inserted: [UInt32], remembered: [UInt32], count: Int) {
        var tried = TriedBackends()
        for slot in inserted { tried.insert(slot) }
        let asked = Set(inserted + Array(1...30)).subtracting([0])
        #expect(asked.filter(tried.contains).sorted() == remembered)
        #expect(tried.count == count)
        #expect(tried.isEmpty == (count == 0))
        #expect(TriedBackends.capacity == 8)
    }

    @Test func areValues() {
        var tried = TriedBackends()
        tried.insert(3)
        var copy = tried
        #expect(copy == tried)
        copy.insert(4)
        #expect(!tried.contains(4))
        #expect(copy != tried)
    }
}
