import Foundation
import Testing

@testable import Benchmarks

/// What other programs measured is read line by line; lines that say something else are passed over.
@Suite struct YardstickTests {
    private func read<Figures>(_ text: String, _ make: (String) throws -> Figures) throws -> Figures {
        let folder = try TemporaryFolder(["figures.tsv": text])
        return try withExtendedLifetime(folder) { try make(folder.path + "/figures.tsv") }
    }

    @Test func picksBuildsAndPrimitivesAreRead() throws {
        let yardstick = try read(
            """
            prim MD5, 16 bytes\t95.5\t97.0
            maglev\tequal\t1\t1\t2\t3\t4\t5
            maglev\tequal\t2\t6\t7\t8\t9\t10
            build.maglev.65537\t0.5\t0.6\t0.7\t0.8\t0.9
            empty\tequal\t1\t1.0
            nonsense
            broken\tequal\t1\t1\t2\tx\t4\t5
            """, Yardstick.init)
        #expect(yardstick.nanoseconds("maglev", .equal, backends: 100) == 3)
        #expect(yardstick.nanoseconds("maglev", .equal, threads: 2, backends: 10_000) == 10)
        #expect(yardstick.nanoseconds("maglev", .uneven, backends: 100) == nil)
        #expect(yardstick.nanoseconds("broken", .equal, backends: 3) == nil)
        #expect(yardstick.build("build.maglev.65537", backends: 1_000) == 800_000)
        #expect(yardstick.primitive("MD5, 16 bytes") == 95.5)
        #expect(yardstick.primitive("CRC-32, 16 bytes") == nil)
    }

    @Test func libmemcachedsFiguresAreRead() throws {
        let figures = try read(
            "libmemcached generate_hash\t100\t152.5\nlibmemcached server_push\t100\t2846978\n", LibmemcachedFigures.init
        )
        #expect(figures.pick(hosts: 100) == 152.5)
        #expect(figures.build(hosts: 100) == 2_846_978)
        #expect(figures.pick(hosts: 10) == nil)
    }

    @Test(arguments: ["", "\n", "prim x\t1\t2"])
    func filesWithoutFiguresAreRefused(text: String) throws {
        #expect(throws: YardstickError.self) { try read(text, Yardstick.init) }
        #expect(throws: YardstickError.self) { try read(text, LibmemcachedFigures.init) }
        #expect(throws: YardstickError.self) { try Yardstick(path: "/nowhere") }
    }
}
