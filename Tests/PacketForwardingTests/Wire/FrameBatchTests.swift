import Testing

@testable import PacketForwarding

struct FrameBatchTests {
    @Test
    func keepsFramesInTheirOrder() {
        var pool = FramePool(frameCount: 3, byteCount: 100, headroom: 10)
        var batch = FrameBatch(capacity: 3)
        while let frame = pool.take() {
            batch.append(frame)
        }
        let (count, isFull) = (batch.count, batch.isFull)
        #expect(count == 3)
        #expect(isFull)
        for index in 0..<3 {
            let fits = batch[index].reset(headroom: 10, byteCount: 10 + index)
            #expect(fits)
            batch[index].metadata.interface = UInt32(index)
        }
        for index in 0..<3 {
            let (byteCount, interface) = (batch[index].byteCount, batch[index].metadata.interface)
            #expect(byteCount == 10 + index)
            #expect(interface == UInt32(index))
        }
        while let frame = batch.popLast() {
            let (byteCount, count) = (frame.byteCount, batch.count)
            #expect(byteCount == 10 + count)
            pool.put(frame)
        }
        let rest = batch.count
        #expect(rest == 0)
    }

    @Test
    func poolLendsEachPieceOfItsMemoryOnce() {
        var pool = FramePool(frameCount: 2, byteCount: 8, headroom: 4)
        guard var one = pool.take(), var other = pool.take() else {
            Issue.record("a pool of two has two frames")
            return
        }
        let third = pool.take() == nil
        #expect(third)
        let fits = (one.reset(headroom: 0, byteCount: 12), other.reset(headroom: 0, byteCount: 12))
        #expect(fits == (true, true))
        one.fill(0..<12, with: 1)
        other.fill(0..<12, with: 2)
        let bytes = one.array
        #expect(bytes == [UInt8](repeating: 1, count: 12))
        pool.put(one)
        pool.put(other)
        guard let again = pool.take() else { return }
        let (byteCount, headroom) = (again.byteCount, again.headroom)
        #expect(byteCount == 0)
        #expect(headroom == 4)
        pool.put(again)
    }
}
