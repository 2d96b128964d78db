import Testing

@testable import ResilienceHTTP

@Suite("Cache-Control")
struct CacheControlTests {
  @Test(
    "What is missing says nothing",
    arguments: [nil, "", " ", ",", " , ,,", "public", "x=y, z"]
  )
  func nothing(value: String?) {
    let control = CacheControl(value)
    #expect(!control.noStore && !control.noCache && !control.mustRevalidate)
    #expect(control.maxAge == nil && control.staleIfError == nil)
  }

  @Test(
    "What forbids counts however it is written",
    arguments: [
      "no-store", "NO-STORE", " no-store ", "\tno-store,", "max-age=5,no-store", "no-store=1",
      "no-store=\"a, b\"", "no-store; x", "x=\"a\\\"b, c\",no-store", "no-store no-cache",
      "private, no-store, must-understand",
    ]
  )
  func forbidding(value: String) {
    #expect(CacheControl(value).noStore)
  }

  @Test("A name in quotation marks, or as part of another, is none")
  func noName() {
    #expect(!CacheControl("x=\"no-store\"").noStore)
    #expect(!CacheControl("x=\"a, no-store\"").noStore)
    #expect(!CacheControl("no-store2, xno-store, no store").noStore)
    #expect(CacheControl("no-cache=\"Set-Cookie, X\"").noCache)
    #expect(!CacheControl("no-cache=\"must-revalidate, X\"").mustRevalidate)
  }

  @Test(
    "Seconds are read in digits, also quoted; what is none counts as zero",
    arguments: [
      ("max-age=60", 60), ("MAX-AGE=060", 60), ("max-age=\"60\"", 60), ("public,max-age=1 ,x", 1),
      ("max-age=2147483648", 2_147_483_648), ("max-age=2147483649", 2_147_483_648),
      ("max-age=99999999999999999999999999", 2_147_483_648), ("max-age", 0), ("max-age=", 0),
      ("max-age=-1", 0), ("max-age=1.5", 0), ("max-age=1e3", 0), ("max-age=1 2", 0),
      ("max-age =1", 0),
      ("max-age= 1", 0), ("max-age=\"1", nil), ("max-age=\"1\"2", 0), ("max-age=١", 0),
      ("max-age=5, max-age=5", 5), ("max-age=5, max-age=6", 0), ("max-age=5, max-age=x", 0),
      ("max-age=5, s-maxage=6", 5),
    ] as [(String, Int?)]
  )
  func seconds(value: String, expected: Int?) {
    #expect(CacheControl(value).maxAge == expected)
    let other = CacheControl(value.lowercased().replacing("max-age", with: "stale-if-error"))
    #expect(other.staleIfError == expected)
  }

  @Test("A value that is too long, or not closed, forbids everything")
  func unreadable() {
    let long = String(repeating: "a", count: 8_192)
    #expect(!CacheControl(long).noStore)
    for value in [long + "a", "max-age=60, x=\"a, b", "\"", "x=\"a\\\"", "x=\"\\"] {
      let control = CacheControl(value)
      #expect(control.noStore && control.noCache && control.mustRevalidate, "\(value.prefix(20))")
    }
  }
}
