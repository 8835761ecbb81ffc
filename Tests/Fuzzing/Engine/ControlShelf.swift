import PacketForwarding
import Synchronization

/// A backend by its service's name and its own.
struct BackendPath: Hashable {
    let service: String
    let backend: String

    init(_ service: String, _ backend: String) {
        self.service = service
        self.backend = backend
    }
}

/// Controls that were used and are as good as new: to make one, with its tables, takes longer than to run most scripts.
enum ControlShelf {
    private struct Place: Hashable {
        let configuration: UInt8
        let shape: UInt8
    }

    /// The most controls that are kept.
    private static let limit = 500
    private static let controls = Mutex<[Place: ForwardingControl]>([:])

    /// A control with the configuration of a script, which is given too; `nil` if it is refused.
    static func take(for script: EngineScript) -> (ForwardingControl, ForwardingConfiguration)? {
        let place = Place(configuration: script.configuration, shape: script.shape)
        let configuration = EngineShape(rawValue: script.shape).applied(to: script.configuration)
        if let control = controls.withLock({ $0.removeValue(forKey: place) }) { return (control, configuration) }
        guard let control = try? ForwardingControl(configuration) else { return nil }
        return (control, configuration)
    }

    /// Takes a control back in which nothing but backends was changed: those that are named.
    static func put(
        _ control: ForwardingControl, _ configuration: ForwardingConfiguration, of script: EngineScript,
        states: Set<BackendPath>, weights: Set<BackendPath>
    ) {
        for path in states { control.set(.up, backend: path.backend, of: path.service) }
        for service in configuration.services {
            for backend in service.backends where weights.contains(BackendPath(service.name, backend.name)) {
                control.setWeight(backend.weight, backend: backend.name, of: service.name)
            }
        }
        let place = Place(configuration: script.configuration, shape: script.shape)
        controls.withLock {
            if $0.count >= limit { $0.removeAll() }
            $0[place] = control
        }
    }
}
