/// Numbers from 0 on, each of one owner.
///
/// Numbers that owners gave up are given again, the one that was free the longest first. Until then a number is its last
/// owner's, who has it back when it comes again.
struct ReusableNumbers<Owner: Hashable & Sendable>: Sendable {
    private var numbers: [Owner: Int] = [:]
    /// Whose each number is, or was last.
    private(set) var owners: [Owner] = []
    /// How many owners each number had before.
    private(set) var turns: [UInt32] = []
    private var areVacant: [Bool] = []
    /// Numbers that were given up, in that order.
    private var vacant: [Int] = []

    /// Numbers that were ever given: all are below.
    var count: Int { owners.count }

    /// Whether nobody has a number now.
    func isVacant(_ number: Int) -> Bool { areVacant[number] }

    /// The number of an owner, who gets one if it has none.
    ///
    /// - Complexity: O(1); O(n) for n numbers if one is given again.
    mutating func number(of owner: Owner) -> Int {
        if let known = numbers[owner] {
            if areVacant[known] {
                areVacant[known] = false
                vacant.removeAll { $0 == known }
            }
            return known
        }
        let number = vacant.first ?? owners.count
        numbers[owner] = number
        guard number < owners.count else {
            owners.append(owner)
            turns.append(0)
            areVacant.append(false)
            return number
        }
        vacant.removeFirst()
        areVacant[number] = false
        numbers[owners[number]] = nil
        owners[number] = owner
        turns[number] &+= 1
        return number
    }

    /// Gives up a number, which nobody goes by any more.
    mutating func vacate(_ number: Int) {
        guard !areVacant[number] else { return }
        areVacant[number] = true
        vacant.append(number)
    }
}
