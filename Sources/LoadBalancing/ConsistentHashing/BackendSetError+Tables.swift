extension BackendSetError {
    /// What is wrong with a set of which no ring can be built.
    init(_ error: HashTableError) {
        switch error.reason {
        case .duplicateName: self.init(.duplicateIdentity, id: error.name)
        case .weightOutOfRange(let weight, HashTableError.maximumWeight):
            self.init(.weightOutOfRange(weight), id: error.name)
        default: self.init(.unsuitable(error.text(on: error.name == nil ? "the set" : "it")), id: error.name)
        }
    }

    /// What is wrong with a set of which no ``MaglevTable`` can be built.
    init(_ error: MaglevTableError) {
        switch error.reason {
        case .duplicateName: self.init(.duplicateIdentity, id: error.name)
        case .weightOutOfRange(let weight): self.init(.weightOutOfRange(weight), id: error.name)
        default: self.init(.unsuitable(error.description), id: error.name)
        }
    }
}
