import Testing

@testable import PcapReplay

struct PcapngFileTests {
    private static func file(
        isBigEndian: Bool = false, _ build: (inout CaptureBuilder) -> Void
    ) -> [UInt8] {
        var file = CaptureBuilder(isBigEndian: isBigEndian)
        file.addSection()
        build(&file)
        return file.bytes
    }

    @Test(arguments: [false, true])
    func readsBothOrders(isBigEndian: Bool) throws {
        let capture = try Capture(
            Self.file(isBigEndian: isBigEndian) { file in
                file.addInterface([(2, Array("eth0".utf8))])
                file.addInterface([(2, Array("eth1".utf8))])
                file.addPacket(interface: 1, time: 1_500_000)
            })
        #expect(capture.interfaces == ["eth0", "eth1"])
        #expect(
            capture.frames == [
                CapturedFrame(time: 1_500_000_000, interface: 1, bytes: [1, 2, 3, 4, 5], originalByteCount: 5)
            ])
    }

    /// Powers of ten, and with the upper bit of two.
    @Test(arguments: [
        (unit: 6 as UInt8, time: 1_500_000 as UInt64), (9, 1_500_000_000), (3, 1_500), (0x81, 3), (0x8A, 1_536),
        (18, 1_500_000_000_000_000_000),
    ])
    func readsTimesInAnyUnit(unit: UInt8, time: UInt64) throws {
        let file = Self.file { file in
            file.addInterface([(9, [unit])])
            file.addPacket(time: time)
        }
        #expect(try Capture(file).frames.map(\.time) == [1_500_000_000])
    }

    @Test(arguments: [false, true])
    func addsTheInterfacesOffset(isBigEndian: Bool) throws {
        let seconds: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 100]
        let file = Self.file(isBigEndian: isBigEndian) { file in
            file.addInterface([(14, isBigEndian ? seconds : seconds.reversed())])
            file.addPacket(time: 1_500_000)
        }
        #expect(try Capture(file).frames.map(\.time) == [101_500_000_000])
    }

    /// Those of each section count from 0, in its own order.
    @Test func readsSectionAfterSection() throws {
        var second = CaptureBuilder(isBigEndian: true)
        second.addSection()
        second.addInterface()
        second.addPacket([9])
        let first = Self.file { file in
            file.addInterface()
            file.addPacket([8])
        }
        let capture = try Capture(first + second.bytes)
        #expect(capture.frames.map(\.bytes) == [[8], [9]])
        #expect(capture.frames.map(\.interface) == [0, 1])
    }

    @Test func readsSimplePacketsAndPassesOverOthers() throws {
        let capture = try Capture(
            Self.file { file in
                file.addInterface(snapLength: 3)
                file.addBlock(4) { $0.add32(7) }
                file.addBlock(3) { block in
                    block.add32(5)
                    block.add([1, 2, 3])
                }
            })
        #expect(capture.frames.map(\.bytes) == [[1, 2, 3]])
        #expect(capture.frames.map(\.originalByteCount) == [5])
    }

    private static let wrong: [(file: [UInt8], problem: CaptureError.Problem)] = [
        (file { $0.addPacket() }, .unknownInterface(0)),
        (file { $0.addInterface(link: 276) }, .unknownLinkType(276)),
        (file { $0.addInterface([(9, [19])]) }, .unknownTimeUnit(19)),
        (file { $0.addInterface([(9, [0xFF])]) }, .unknownTimeUnit(255)),
        (file { $0.addBlock(1, length: 8) { $0.add32(0) } }, .wrongLength(8)),
        (file { $0.addBlock(1, length: 18) { $0.add32(0) } }, .wrongLength(18)),
        (file { $0.addBlock(1, length: .max - 3) { $0.add32(0) } }, .brokenOff),
        (file { $0.addBlock(1) { $0.add32(1) } }, .wrongLength(4)),
        (file { $0.addBlock(6) { $0.add32(0) } }, .wrongLength(4)),
        (
            file { file in
                file.addInterface()
                file.addPacket(count: 9, original: 9)
            }, .wrongLength(9)
        ),
    ]

    @Test(arguments: 0..<10)
    func saysWhatIsWrong(number: Int) {
        let (file, problem) = Self.wrong[number]
        #expect { try Capture(file) } throws: { ($0 as? CaptureError)?.problem == problem }
    }

    @Test func noPrefixAndNoByteTraps() throws {
        let file = Self.file { file in
            file.addInterface([(2, Array("eth0".utf8)), (9, [6]), (14, Array(repeating: 1, count: 8))])
            file.addPacket(time: .max)
        }
        for count in 0..<file.count { _ = try? Capture(Array(file.prefix(count))) }
        for place in file.indices {
            for value in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
                var other = file
                other[place] = value
                _ = try? Capture(other)
            }
        }
        #expect(try Capture(file).frames.count == 1)
    }
}
