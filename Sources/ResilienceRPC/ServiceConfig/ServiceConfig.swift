public import Foundation
public import Resilience

/// What the owner of a service says about calling it: gRPC's service configuration.
///
/// ```swift
/// let config = try ServiceConfig(json: file)
/// let users = RPCClient(baseURL: url, pipeline: breaker, serviceConfig: config)
/// ```
///
/// Of the fields, `methodConfig` and `retryThrottling` are read; others, such as those of load
/// balancing, are skipped. The most specific entry counts: that of the method, then that of the
/// service, then the one without a name.
///
/// ## Source
/// [service_config.proto](https://github.com/grpc/grpc-proto/blob/master/grpc/service_config/service_config.proto);
/// [gRFC A6](https://github.com/grpc/proposal/blob/master/A6-client-retries.md).
public struct ServiceConfig: Sendable {
  /// The longest text that is read, in bytes.
  public static let mostBytes = 1_024 * 1_024

  /// Stops retries and hedges while the service fails too often; `nil` when nothing does.
  public let throttle: RetryThrottle?

  private let plans: [ConfigName: MethodPlan]
  private let fallback: MethodPlan

  /// Reads a configuration.
  ///
  /// - Parameters:
  ///   - json: The text, at most ``mostBytes`` long.
  ///   - timeline: The time by which pauses, delays and timeouts are measured.
  ///   - random: Where the chance in the pauses comes from.
  ///   - observer: Told of retries and timeouts.
  /// - Throws: ``ServiceConfigError`` for the first thing that is wrong.
  public init(
    json: Data,
    timeline: Timeline = .system,
    random: RandomSource = .system,
    observer: (any Observer)? = nil
  ) throws(ServiceConfigError) {
    guard json.count <= Self.mostBytes else {
      throw ServiceConfigError("", nil, allowed: "at most \(Self.mostBytes) bytes long")
    }
    guard let value = try? JSONDecoder().decode(ConfigValue.self, from: json) else {
      throw ServiceConfigError(
        "",
        nil,
        allowed: "JSON that is nested \(ConfigValue.deepest) deep at most"
      )
    }
    let root = try ConfigObject(value, at: "")
    let throttle: RetryThrottle? =
      if let object = try root.object("retryThrottling") { try RetryThrottle(object) } else { nil }
    let parts = PlanParts(
      throttle: throttle,
      timeline: timeline,
      random: random,
      observer: observer
    )
    var plans: [ConfigName: MethodPlan] = [:]
    for object in try root.objects("methodConfig") {
      let settings = try MethodSettings(object)
      for entry in try object.objects("name") {
        let name = try ConfigName(entry)
        guard plans[name] == nil else {
          throw ServiceConfigError(entry.path, .text("\(name)"), allowed: "a name that occurs once")
        }
        plans[name] = MethodPlan(settings, named: "service config of \(name)", parts)
      }
    }
    self.plans = plans
    self.throttle = throttle
    fallback = plans[.all] ?? MethodPlan(MethodSettings(), named: "service config", parts)
  }

  /// What is said about a method; a plan that does nothing if nothing is.
  public func plan(for method: RPCMethodName) -> MethodPlan {
    plans[ConfigName(service: method.service, method: method.method)]
      ?? plans[ConfigName(service: method.service, method: "")] ?? fallback
  }
}

/// What an entry is for: a method, all methods of a service, or all.
struct ConfigName: Hashable, CustomStringConvertible {
  static let all = ConfigName(service: "", method: "")

  let service: String
  let method: String

  init(service: String, method: String) {
    self.service = service
    self.method = method
  }

  init(_ object: ConfigObject) throws(ServiceConfigError) {
    service = try object.text("service")
    method = try object.text("method")
    guard !service.isEmpty || method.isEmpty else {
      throw object.invalid("method", allowed: "empty where the service is")
    }
  }

  var description: String {
    if service.isEmpty { return "all methods" }
    return method.isEmpty ? service : "\(service)/\(method)"
  }
}
