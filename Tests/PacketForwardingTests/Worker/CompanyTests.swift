#if os(Linux)
    import LoadBalancing
    import Testing

    @testable import PacketForwarding

    /// What all workers are to see reaches each of them once, and nothing else does.
    @Suite struct CompanyTests {
        private let source = IPAddress(v4: 0x0A00_0001)

        /// A router's message about a packet to a tunnel's end.
        private func message(about destination: IPAddress) -> [UInt8] {
            let outer = Frames.ip(.v4, .ipv4, Array(repeating: 0x45, count: 28), from: source, to: destination)
            let message = [3, 4, 0, 0, 0, 0, 5, 0] + outer.dropFirst(14)
            return Frames.ip(.v4, .icmp, message, from: EngineScene.backend(.v4, 2), to: source)
        }

        @Test func messagesAboutTunnelsGoToAllOthersOnce() throws {
            let company = Company(try EngineScene(.ipip).control, workers: 3)
            let bytes = message(about: EngineScene.backend(.v4, 1))
            var pool = FramePool(frameCount: 1, byteCount: bytes.count, headroom: 0)
            withFrame(bytes, metadata: FrameMetadata(interface: 1)) { company.pass($0, from: 1) }
            for (worker, count) in [(0, 1), (1, 0), (2, 1), (0, 0), (2, 0)] {
                let messages = company.take(for: worker)
                #expect(messages.count == count, "worker \(worker)")
                for message in messages {
                    let contents = message.contents(in: &pool)
                    #expect(contents == FrameCopy.Contents(bytes: bytes, interface: 1))
                }
            }
        }

        @Test func nothingElseIsPassedOn() throws {
            let company = Company(try EngineScene(.ipip).control, workers: 2)
            for bytes in [message(about: EngineScene.client(.v4, 1)), Frames.udp(.v4, payload: [1]), [1, 2, 3]] {
                withFrame(bytes) { company.pass($0, from: 0) }
            }
            #expect(company.take(for: 1).isEmpty)
        }

        @Test func whatWaitsIsBounded() throws {
            let company = Company(try EngineScene(.ipip).control, workers: 2)
            for _ in 0..<1_000 {
                withFrame(message(about: EngineScene.backend(.v4, 0))) { company.pass($0, from: 0) }
            }
            #expect(company.take(for: 1).count == 64)
        }
    }
#endif
