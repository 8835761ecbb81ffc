import Foundation
import LoadBalancing
import PacketForwarding
import Synchronization

/// A thread that forwards, and what others may know of it and ask it meanwhile.
final class WorkerThread: Sendable {
    /// What a worker is made of.
    struct Equipment: Sendable {
        let control: ForwardingControl
        let worker: WorkerNumber
        let interfaces: [String]
        let options: PacketLinkOptions
        let capacity: EngineCapacity
        let memory: FlowMemory
        let cpu: Int?
    }

    /// How a worker is.
    struct Report: Sendable {
        var engine: EngineStatistics?
        var links: [LinkStatistics] = []
        var isOutgrown = false
        /// Why it does not forward; `nil` while it does.
        var failure: String?
    }

    private struct Shared {
        var report = Report()
        var questions: [Question] = []
    }

    /// A frame of which somebody wants to know what would become of it.
    private struct Question {
        let bytes: [UInt8]
        let interface: UInt32
        let answer: CheckedContinuation<Explanation?, Never>
    }

    let number: Int
    let capture: DropCapture
    private let equipment: Equipment
    private let shared = Mutex(Shared())
    private let isStopped = Atomic(false)
    private let isReopening = Atomic(false)
    private let hasEnded = DispatchSemaphore(value: 0)

    init(_ equipment: Equipment, capture: CaptureSettings) {
        self.equipment = equipment
        number = equipment.worker.index
        self.capture = DropCapture(capture)
    }

    /// Begins to forward.
    ///
    /// - Parameter attaches: whether flows that are in the memory go on.
    /// - Throws: `FlowTableError` or `PacketSocketError`, if it cannot; the thread has then ended.
    func start(attaching attaches: Bool) async throws {
        try await withCheckedThrowingContinuation { (started: CheckedContinuation<Void, any Error>) in
            let thread = Thread { [self] in
                if let cpu = equipment.cpu { Processor.stay(on: cpu) }
                run(attaching: attaches, started)
                for question in shared.withLock({ $0.questions }) { question.answer.resume(returning: nil) }
                hasEnded.signal()
            }
            thread.name = "worker \(number)"
            thread.start()
        }
    }

    /// Opens the links anew, as they have to be when an interface has gone and come back; flows go on.
    func reopen() {
        isReopening.store(true, ordering: .releasing)
    }

    /// Ends the thread, and waits until it has let go of its memory.
    func stop() {
        isStopped.store(true, ordering: .releasing)
        hasEnded.wait()
        hasEnded.signal()
    }

    var report: Report { shared.withLock { $0.report } }

    /// What would become of a frame; `nil` if the worker does not forward.
    func explain(_ bytes: [UInt8], interface: UInt32) async -> Explanation? {
        guard report.failure == nil, !isStopped.load(ordering: .acquiring) else { return nil }
        return await withCheckedContinuation { answer in
            shared.withLock { $0.questions.append(Question(bytes: bytes, interface: interface, answer: answer)) }
        }
    }

    /// Forwards until the thread is stopped; what fails later than at the beginning is tried again.
    private func run(attaching attaches: Bool, _ started: CheckedContinuation<Void, any Error>) {
        var begins = true
        while !isStopped.load(ordering: .acquiring) {
            do {
                let worker = try makeWorker(attaching: attaches || !begins)
                note(nil)
                publish(worker)
                if begins { started.resume() }
                begins = false
                try forward(worker)
            } catch {
                if begins { return started.resume(throwing: error) }
                note("\(error)")
                Thread.sleep(forTimeInterval: 0.5)
            }
        }
        if begins { started.resume() }
    }

    private func note(_ failure: String?) {
        let isNews = shared.withLock { shared in
            defer { shared.report.failure = failure }
            return shared.report.failure != failure
        }
        if isNews, let failure { Log.say("worker \(number): \(failure)") }
    }

    private func makeWorker(attaching attaches: Bool) throws -> ForwardingWorker {
        let engine =
            attaches
            ? try equipment.memory.attach(equipment.control, equipment.capacity, equipment.worker)
            : try equipment.memory.format(equipment.control, equipment.capacity, equipment.worker)
        let worker = try ForwardingWorker(
            engine, interfaces: equipment.interfaces, options: equipment.options, time: BootTime.source)
        worker.dropObserver = { [capture] frame, reason in capture.note(frame, reason) }
        return worker
    }

    private func forward(_ worker: ForwardingWorker) throws {
        isReopening.store(false, ordering: .relaxed)
        var lookAgain = BootTime.now.advanced(by: .milliseconds(50))
        try worker.run {
            let now = BootTime.now
            if now >= lookAgain {
                lookAgain = now.advanced(by: .milliseconds(50))
                publish(worker)
                capture.allowMore()
            }
            return isStopped.load(ordering: .acquiring) || isReopening.load(ordering: .acquiring)
        }
        publish(worker)
    }

    /// Says how the worker is, and answers what was asked.
    private func publish(_ worker: ForwardingWorker) {
        let links = worker.statistics
        let questions = shared.withLock { shared in
            shared.report.engine = worker.engineStatistics
            shared.report.links = links
            shared.report.isOutgrown = worker.isOutgrown
            defer { shared.questions = [] }
            return shared.questions
        }
        for question in questions {
            var pool = FramePool(frameCount: 1, byteCount: 2_048, headroom: 0)
            guard var frame = pool.take(), frame.replaceBytes(with: unsafe question.bytes.span.bytes) else {
                question.answer.resume(returning: nil)
                continue
            }
            frame.metadata.interface = question.interface
            question.answer.resume(returning: worker.explain(frame))
            pool.put(frame)
        }
    }
}
