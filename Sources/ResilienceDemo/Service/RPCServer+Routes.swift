import ResilienceRPC
import ResilienceTesting

extension RPCServer {
  /// The routes by which a server of HTTP carries this service.
  var routes: [Route] {
    methods.flatMap { method in
      [ServerRequest.Method.post, .get].map { verb in
        Route(verb, "/\(method)") { request in
          await ServerResponse(self.respond(to: RPCServerRequest(request)))
        }
      }
    }
  }
}

extension RPCServerRequest {
  fileprivate init(_ request: ServerRequest) {
    var headers = RPCMetadata()
    for field in request.headers.fields { headers.add(field.name, field.value) }
    self.init(
      method: request.method.rawValue,
      path: request.path,
      query: request.query.items.map { ($0.name, $0.value) },
      headers: headers,
      body: request.body
    )
  }
}

extension ServerResponse {
  fileprivate init(_ response: RPCServerResponse) async {
    var headers = ServerHeaders()
    for field in response.headers.fields { headers.add(field.name, field.value) }
    self.init(status: response.status, headers: headers, body: await response.wholeBody())
  }
}
