import Testing

@testable import PacketForwarding

@Suite struct FlowTableShapeTests {
    @Test(arguments: [100_000, 1_000_000, 10_000_000])
    func aFlowTakesEightyBytesAtMostEverythingCounted(flows: Int) {
        let shape = FlowTableShape(flows: flows, services: 100, backends: 1000)
        #expect(shape.byteCount <= flows * 80)
        #expect(shape.byteCount <= 850_000_000)
    }

    @Test(arguments: [100_000, 1_000_000, 10_000_000])
    func withFullNATItTakesEightyEightBesideTheListsOfSources(flows: Int) {
        let sources = SourcePortShape(groups: 1000, flows: flows)
        let shape = FlowTableShape(flows: flows, services: 100, backends: 1000, sources: sources)
        #expect(shape.byteCount <= flows * 88 + SourcePorts.listsByteCount)
    }

    @Test func partsDoNotOverlapAndBeginAtCacheLines() {
        let shape = FlowTableShape(
            flows: 3, services: 5, backends: 7, sources: SourcePortShape(groups: 3, pages: 1, rests: 1))
        let parts = FlowTableShape.Parts(shape)
        let starts = [
            parts.header, parts.services, parts.backends, parts.heads, parts.occupied, parts.index,
            parts.translated, parts.sources, parts.entries,
        ]
        #expect(starts == starts.sorted() && Set(starts).count == starts.count)
        #expect((starts + [parts.byteCount]).allSatisfy { $0 % 64 == 0 })
        #expect(parts.byteCount - parts.entries == 192)
    }
}
