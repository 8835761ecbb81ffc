/// Sets look-ups and builds against plain C code and against libmemcached.
struct HashingFigures {
    let rows: [HashingRow]
    let hashes: [String: Measurement]
    let yardstick: Yardstick?
    let libmemcached: LibmemcachedFigures?

    /// The figures for which there is something to compare with.
    var all: [Figure] {
        (tables + rings + builds + keys + libmemcachedFigures).filter { !$0.values.isEmpty }
    }

    private var tables: [Figure] {
        [
            picks("Maglev shared by 1 ÷ maglev", 1.2, .maglev, .shared1, "maglev"),
            picks("Maglev shared by 2 ÷ maglev by 2", 1.2, .maglev, .shared2, "maglev", threads: 2),
            picks("Maglev owned ÷ maglev", 0.8, .maglev, .owned, "maglev"),
            picks("jump ÷ jump", 1.2, .jump, .owned, "jump"),
            picks("rendezvous ÷ rendezvous", 1.2, .rendezvous, .owned, "rendezvous", in: 1...16),
        ]
    }

    private var rings: [Figure] {
        [picks("ring owned ÷ ketama.bucket", 1.2, .ketama, .owned, "ketama.bucket", in: 10...10_000)]
    }

    private var builds: [Figure] {
        [
            build("Maglev build ÷ build.maglev.65537", .maglev, "build.maglev.65537"),
            build("ketama build ÷ build.ketama.radix", .ketama, "build.ketama.radix"),
        ]
    }

    /// From bytes on; the hash functions do not depend on backends.
    private var keys: [Figure] {
        [picks("16-byte key, XXH64 and Maglev ÷ maglev.xxkey", 1.2, .maglev, .key, "maglev.xxkey")]
            + ["MD5", "XXH64"].map { name in
                Figure(
                    "\(name) of 16 bytes ÷ plain C", goal: 1.3,
                    values: [(0, divide(hashes[name]?.median, yardstick?.primitive("\(name), 16 bytes")))])
            }
    }

    private var libmemcachedFigures: [Figure] {
        [
            Figure(
                "16-byte key by MD5 ÷ libmemcached's", goal: 0.9,
                values: values(.ketama) { divide($0.median(.key), libmemcached?.pick(hosts: $0.backends)) }),
            Figure(
                "ketama build ÷ libmemcached's", goal: 0.3,
                values: values(.ketama) { divide($0.median(.build), libmemcached?.build(hosts: $0.backends)) }),
        ]
    }

    private func picks(
        _ title: String, _ goal: Double, _ subject: HashingSubject, _ column: HashingColumn, _ peer: String,
        threads: Int = 1, in range: ClosedRange<Int> = 1...10_000
    ) -> Figure {
        Figure(
            title, goal: goal,
            values: values(subject) { row in
                guard range.contains(row.backends) else { return nil }
                return divide(
                    row.median(column),
                    yardstick?.nanoseconds(peer, .equal, threads: threads, backends: row.backends))
            })
    }

    private func build(_ title: String, _ subject: HashingSubject, _ peer: String) -> Figure {
        Figure(
            title, goal: 1.2,
            values: values(subject) { row in
                guard 100...1_000 ~= row.backends else { return nil }
                return divide(row.median(.build), yardstick?.build(peer, backends: row.backends))
            })
    }

    private func values(
        _ subject: HashingSubject, _ value: (HashingRow) -> Double?
    ) -> [(backends: Int, value: Double?)] {
        rows.filter { $0.subject == subject }.map { ($0.backends, value($0)) }
    }

    private func divide(_ dividend: Double?, _ divisor: Double?) -> Double? {
        guard let dividend, let divisor, divisor > 0 else { return nil }
        return dividend / divisor
    }
}
