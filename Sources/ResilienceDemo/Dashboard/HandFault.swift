/// The ways in which the service can be broken by hand.
enum HandFault: String, CaseIterable, Sendable {
  case errors, slow, hang, reset, refuse, busy

  /// What its button says.
  var title: String {
    switch self {
    case .errors: "503"
    case .slow: "Slow"
    case .hang: "Hang"
    case .reset: "Reset"
    case .refuse: "Refuse"
    case .busy: "429"
    }
  }

  /// What it does, in a sentence.
  var sentence: String {
    switch self {
    case .errors: "The service answers 503 to everything."
    case .slow: "The service answers, but takes 600 to 900 ms."
    case .hang: "The service accepts requests and never answers."
    case .reset: "The service resets each connection."
    case .refuse: "Nobody listens: connections are refused."
    case .busy: "The service answers 429, and wants to be left alone for a second."
    }
  }

  /// What is done to every copy of the service.
  var fault: Fault {
    switch self {
    case .errors: .status(503)
    case .slow: .latency(.milliseconds(600)...(.milliseconds(900)))
    case .hang: .hang
    case .reset: .reset
    case .refuse: .refuse
    case .busy: .status(429, retryAfterSeconds: 1)
    }
  }
}
