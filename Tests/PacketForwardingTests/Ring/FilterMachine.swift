#if os(Linux)
    import CPacketSocket

    @testable import PacketForwarding

    /// What the kernel does with a program of classic BPF, as bpf(4) and the kernel's filter.txt describe it.
    ///
    /// `nil` for what the kernel would not have taken: jumps out of the program, memory that was not written, no answer.
    struct FilterMachine {
        private let instructions: [sock_filter]

        init(_ filter: PacketFilter) {
            instructions = filter.instructions
        }

        private struct State {
            var accumulator: UInt32 = 0
            var index: UInt32 = 0
            var memory = [UInt32?](repeating: nil, count: 16)
        }

        /// What the program answers to a packet.
        ///
        /// - Parameters:
        ///   - packet: from where the kernel has it begin.
        ///   - etherType: what the kernel has noted of it.
        /// - Returns: the answer; `nil` for what the kernel would not have taken.
        func run(_ packet: [UInt8], etherType: UInt16) -> UInt32? {
            guard instructions.count <= 4_096 else { return nil }
            var state = State()
            var position = 0
            while position < instructions.count {
                let instruction = instructions[position]
                position += 1
                let code = CInt(instruction.code)
                switch code & 0x07 {
                case BPF_LD, BPF_LDX:
                    guard let value = load(instruction, packet, etherType, state) else {
                        return isMemory(code) ? nil : 0
                    }
                    if code & 0x07 == BPF_LD { state.accumulator = value } else { state.index = value }
                case CInt(BPF_ST): state.memory[Int(instruction.k)] = state.accumulator
                case CInt(BPF_STX): state.memory[Int(instruction.k)] = state.index
                case BPF_ALU:
                    guard let value = compute(instruction, state) else { return nil }
                    state.accumulator = value
                case BPF_JMP:
                    guard let distance = jump(instruction, state) else { return nil }
                    position += distance
                case BPF_MISC:
                    if code & 0xF8 == BPF_TAX {
                        state.index = state.accumulator
                    } else {
                        state.accumulator = state.index
                    }
                case BPF_RET: return code & 0x18 == BPF_A ? state.accumulator : instruction.k
                default: return nil
                }
            }
            return nil
        }

        private func isMemory(_ code: CInt) -> Bool { code & 0xE0 == BPF_MEM }

        private func load(
            _ instruction: sock_filter, _ packet: [UInt8], _ etherType: UInt16, _ state: State
        ) -> UInt32? {
            let code = CInt(instruction.code)
            let byteCount = [BPF_W: 4, BPF_H: 2, BPF_B: 1][code & 0x18] ?? 0
            switch code & 0xE0 {
            case BPF_IMM: return instruction.k
            case BPF_MEM: return state.memory[Int(instruction.k)]
            case BPF_LEN: return UInt32(packet.count)
            case BPF_MSH: return number(packet, at: Int(instruction.k), 1).map { ($0 & 0x0F) * 4 }
            case BPF_ABS where instruction.k == UInt32(bitPattern: SKF_AD_OFF + SKF_AD_PROTOCOL):
                return UInt32(etherType)
            case BPF_ABS: return number(packet, at: Int(instruction.k), byteCount)
            case BPF_IND: return number(packet, at: Int(state.index) + Int(instruction.k), byteCount)
            default: return nil
            }
        }

        private func number(_ packet: [UInt8], at offset: Int, _ byteCount: Int) -> UInt32? {
            guard offset >= 0, offset + byteCount <= packet.count else { return nil }
            return packet[offset..<offset + byteCount].reduce(0) { $0 << 8 | UInt32($1) }
        }

        private func compute(_ instruction: sock_filter, _ state: State) -> UInt32? {
            let code = CInt(instruction.code)
            let operand = code & BPF_X != 0 ? state.index : instruction.k
            let value = state.accumulator
            switch code & 0xF0 {
            case BPF_ADD: return value &+ operand
            case BPF_SUB: return value &- operand
            case BPF_MUL: return value &* operand
            case BPF_AND: return value & operand
            case BPF_OR: return value | operand
            case BPF_XOR: return value ^ operand
            // The kernel refuses to shift by more than a word has.
            case BPF_LSH: return operand < 32 ? value << operand : nil
            case BPF_RSH: return operand < 32 ? value >> operand : nil
            default: return nil
            }
        }

        private func jump(_ instruction: sock_filter, _ state: State) -> Int? {
            let code = CInt(instruction.code)
            let value = state.accumulator
            let isTaken: Bool
            switch code & 0xF0 {
            case BPF_JA: return Int(instruction.k)
            case BPF_JEQ: isTaken = value == instruction.k
            case BPF_JGT: isTaken = value > instruction.k
            case BPF_JGE: isTaken = value >= instruction.k
            case BPF_JSET: isTaken = value & instruction.k != 0
            default: return nil
            }
            return Int(isTaken ? instruction.jt : instruction.jf)
        }
    }
#endif
