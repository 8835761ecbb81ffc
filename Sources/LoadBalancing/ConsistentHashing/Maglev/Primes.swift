/// Prime numbers of the size of tables.
enum Primes {
    /// Whether `number` is prime, by trial division.
    static func contains(_ number: Int) -> Bool {
        guard number > 3 else { return number > 1 }
        guard number % 2 != 0 else { return false }
        var divisor = 3
        while divisor * divisor <= number {
            if number % divisor == 0 { return false }
            divisor += 2
        }
        return true
    }

    /// The first prime number from `number` on.
    static func first(from number: Int) -> Int {
        var candidate = max(number, 2)
        while !contains(candidate) { candidate += 1 }
        return candidate
    }
}
