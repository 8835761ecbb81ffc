/// Who has which bucket of a ``MementoHash``, and which buckets were left, in the order in which they were.
@usableFromInline
struct BucketLedger: Sendable {
    /// By bucket, who has it or had it last.
    private(set) var owners: [String] = []
    /// The buckets that were left and not taken again, the earliest first.
    private(set) var left: [Int] = []

    /// The ledger after each of `backends`, whose names are distinct, has as many buckets as its weight says, and nobody else any.
    func updated(for backends: [WeightedName]) -> BucketLedger {
        var next = self
        let gone = Set(left)
        var wanted = Dictionary(uniqueKeysWithValues: backends.map { ($0.name, $0.weight) })
        var vacated: [Int] = []
        for (bucket, owner) in owners.enumerated() where !gone.contains(bucket) {
            if let count = wanted[owner], count > 0 {
                wanted[owner] = count - 1
            } else {
                vacated.append(bucket)
            }
        }
        let missing = wanted.values.reduce(0, +)
        next.settle(wanted, in: next.open(missing, of: &vacated))
        next.leave(vacated)
        return next
    }

    /// Takes `count` buckets: of those just vacated, of those left last, and new ones.
    private mutating func open(_ count: Int, of vacated: inout [Int]) -> [Int] {
        var opened = Array(vacated.prefix(count))
        vacated.removeFirst(opened.count)
        while opened.count < count {
            if let bucket = left.popLast() {
                opened.append(bucket)
            } else {
                opened.append(owners.count)
                owners.append("")
            }
        }
        return opened
    }

    /// Gives out as many buckets as are wanted, to each its own former ones if they are there.
    private mutating func settle(_ wanted: [String: Int], in opened: [Int]) {
        var wanted = wanted
        var free: [Int] = []
        for bucket in opened.sorted() {
            if let count = wanted[owners[bucket]], count > 0 {
                wanted[owners[bucket]] = count - 1
            } else {
                free.append(bucket)
            }
        }
        // By name, so that replicas which are told the same set in another order agree.
        let takers = wanted.sorted { $0.key < $1.key }.flatMap { repeatElement($0.key, count: $0.value) }
        for (name, bucket) in zip(takers, free) { owners[bucket] = name }
    }

    /// Leaves buckets; the last ones are given up instead where nothing has to be remembered.
    private mutating func leave(_ vacated: [Int]) {
        for bucket in vacated.reversed() {
            if left.isEmpty, bucket == owners.count - 1 {
                owners.removeLast()
            } else {
                left.append(bucket)
            }
        }
    }
}
