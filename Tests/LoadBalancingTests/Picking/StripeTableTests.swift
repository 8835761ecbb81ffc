import Testing

@testable import LoadBalancing

@Suite struct StripeTableTests {
    @Test(arguments: [
        (asked: -1, limit: 1), (asked: 0, limit: 1), (asked: 1, limit: 1), (asked: 2, limit: 2), (asked: 3, limit: 4),
        (asked: 64, limit: 64), (asked: 65, limit: 128), (asked: .max, limit: 4_096),
    ])
    func limitsArePowersOfTwo(asked: Int, limit: Int) {
        #expect(StripeTable<Int>(limit: asked).limit == limit)
    }

    @Test func growsByDoublingUpToTheLimit() {
        let table = StripeTable<Int>(limit: 8)
        var counts = [table.count]
        for _ in 0..<5 {
            table.grow { 100 + $0 }
            counts.append(table.count)
        }
        #expect(counts == [0, 1, 2, 4, 8, 8])
        // Each has been made once, with its own number.
        #expect((0..<8).map { table[$0]?.value } == (100..<108).map { $0 })
        #expect(table[8] == nil)
    }

    @Test func aThreadKeepsItsStripe() {
        let table = StripeTable<Int>(limit: 16)
        #expect(table.stripeOfThread == nil)
        #expect(table.indexOfThread == 0)
        for _ in 0..<5 { table.grow { $0 } }
        let index = table.indexOfThread
        for _ in 0..<10 {
            #expect(table.indexOfThread == index)
            #expect(table.stripeOfThread?.value == index)
        }
    }
}
