import Testing

@testable import PacketForwarding

struct ReusableNumbersTests {
    /// Whoever has a number keeps it, no two have the same, and there are never more than there were owners at a time.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func areNobodyElses(seed: UInt64) {
        var random = Noise(seed: seed)
        var numbers = ReusableNumbers<Int>()
        var owners: [Int: Int] = [:]
        var peak = 0
        for turn in 0..<5_000 {
            if owners.count < 30, Bool.random(using: &random) {
                // Some come back.
                let owner = Int.random(in: max(turn - 60, 0)...turn, using: &random)
                let number = numbers.number(of: owner)
                #expect(owners.values.filter { $0 == number }.isEmpty || owners[owner] == number)
                owners[owner] = number
            } else if let owner = owners.keys.min(), let number = owners[owner] {
                numbers.vacate(number)
                owners[owner] = nil
            }
            peak = max(peak, owners.count)
            #expect(owners.allSatisfy { numbers.owners[$0.value] == $0.key && !numbers.isVacant($0.value) })
            #expect(numbers.count == peak)
        }
        #expect(numbers.turns.reduce(0, +) > 1_000)
    }

    @Test func goToWhoeverHadThemLastOrWereFreeTheLongest() {
        var numbers = ReusableNumbers<String>()
        #expect(["a", "b", "c"].map { numbers.number(of: $0) } == [0, 1, 2])
        for number in [2, 0, 1, 2] { numbers.vacate(number) }
        #expect(numbers.number(of: "a") == 0)
        #expect(numbers.number(of: "d") == 2)
        #expect(numbers.number(of: "c") == 1)
        #expect(numbers.turns == [0, 1, 1])
        #expect(numbers.owners == ["a", "c", "d"])
    }
}
