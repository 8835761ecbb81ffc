import Testing

@testable import LoadBalancing

@Suite struct FixedTableTests {
    @Test(arguments: [0, 1, 2, 1_000])
    func holdsWhatItWasMadeOf(count: Int) {
        let numbers = (0..<count).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
        let table = FixedTable(numbers)
        #expect(table.count == count)
        #expect((0..<table.count).map { table[$0] } == numbers)
    }

    @Test func isMadeOfAnyCollection() {
        let table = FixedTable((1...4).lazy.map { $0 * $0 }.reversed())
        #expect((0..<4).map { table[$0] } == [16, 9, 4, 1])
    }

    @Test func copiesShareTheirMemory() {
        let table = FixedTable([1, 2, 3])
        let copy = table
        #expect(copy.storage === table.storage)
    }

    @Test(arguments: [-1, 3, .max])
    func readingOutsideIsACallersMistake(index: Int) async {
        await #expect(processExitsWith: .failure) { [index] in
            _ = FixedTable([1, 2, 3])[index]
        }
    }
}
