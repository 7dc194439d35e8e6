package io.millrace.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.gateway.call.Authenticator;
import io.millrace.gateway.call.Call;
import io.millrace.gateway.call.CallRefusedException;
import io.millrace.gateway.call.Caller;
import io.millrace.gateway.settings.AccessKey;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Calls signed by the official signer, and what is done to them on their way. */
class SignatureCheckTest {

  private static final Instant NOW = Instant.parse("2026-11-21T03:00:00Z");
  private static final AwsCredentialsIdentity MILLER =
      AwsCredentialsIdentity.create("AKIDMILLER", "grain");

  private final Authenticator strict =
      new SignatureCheck(
          List.of(
              AccessKey.of("AKIDMILLER", "grain"),
              AccessKey.of("AKIDOTHER", "husk"),
              new AccessKey("AKIDGUEST", "bread", Optional.of("today"))),
          InstantSource.fixed(NOW));
  private final Authenticator lenient = SignatureCheck.ofForm(Caller.owner("000000000000"));

  @Test
  void acceptsWhatIsSignedRight() {
    assertThatCode(() -> strict.check(signed(MILLER))).doesNotThrowAnyException();
  }

  @Test
  void acceptsASignatureInTheQuery() {
    Call call = signed(MILLER, NOW, "kinesis", AuthLocation.QUERY_STRING);
    assertThat(call.uri()).contains("X-Amz-Signature");
    assertThatCode(() -> strict.check(call)).doesNotThrowAnyException();
  }

  /**
   * As the Python client signs: without a header for the hash of the body. Computed by botocore.
   */
  @Test
  void acceptsASignatureThatCoversFewHeaders() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Host", "127.0.0.1:4567");
    headers.put("Content-Type", "application/x-amz-json-1.1");
    headers.put("X-Amz-Target", "Kinesis_20131202.ListStreams");
    headers.put("X-Amz-Date", "20261121T030000Z");
    headers.put("Authorization", BOTOCORE);
    assertThatCode(() -> strict.check(call("/", headers, "{}"))).doesNotThrowAnyException();
  }

  @Test
  void refusesAnotherSecret() {
    assertRefused(
        signed(AwsCredentialsIdentity.create("AKIDMILLER", "chaff")), "InvalidSignatureException");
  }

  @Test
  void refusesAKeyThatItDoesNotKnow() {
    assertRefused(
        signed(AwsCredentialsIdentity.create("AKIDNOBODY", "grain")),
        "UnrecognizedClientException");
  }

  @Test
  void asksForTheSessionTokenOfAKeyThatHasOne() {
    strict.check(signed(AwsSessionCredentialsIdentity.create("AKIDGUEST", "bread", "today")));
    assertRefused(
        signed(AwsSessionCredentialsIdentity.create("AKIDGUEST", "bread", "yesterday")),
        "UnrecognizedClientException");
    assertRefused(
        signed(AwsCredentialsIdentity.create("AKIDGUEST", "bread")), "UnrecognizedClientException");
    assertRefused(
        signed(AwsSessionCredentialsIdentity.create("AKIDMILLER", "grain", "any")),
        "UnrecognizedClientException");
  }

  @ParameterizedTest
  @ValueSource(longs = {-299, 0, 299})
  void allowsClocksToDifferALittle(long seconds) {
    Call call = signed(MILLER, NOW.plusSeconds(seconds), "kinesis", AuthLocation.HEADER);
    assertThatCode(() -> strict.check(call)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(longs = {-301, 301, -86_400})
  void refusesWhatIsTooOldOrTooNew(long seconds) {
    assertRefused(
        signed(MILLER, NOW.plusSeconds(seconds), "kinesis", AuthLocation.HEADER),
        "InvalidSignatureException");
  }

  /** A signature in the query says how long it is good for, and it never is for long. */
  @ParameterizedTest
  @CsvSource({"60, 60, true", "60, 61, false", "600, 299, true", "600, 301, false"})
  void heedsTheTimeThatASignatureInTheQueryGivesItself(long lives, long age, boolean isGood) {
    Call call =
        signed(
            MILLER,
            URI.create("http://127.0.0.1:4567/"),
            NOW.minusSeconds(age),
            "kinesis",
            AuthLocation.QUERY_STRING,
            Duration.ofSeconds(lives));
    assertThat(call.uri()).contains("X-Amz-Expires=" + lives);
    if (isGood) {
      assertThatCode(() -> strict.check(call)).doesNotThrowAnyException();
    } else {
      assertRefused(call, "InvalidSignatureException");
    }
    String longer = call.uri().replace("X-Amz-Expires=" + lives, "X-Amz-Expires=900");
    assertRefused(
        new Call(call.method(), longer, call.headers(), call.body()), "InvalidSignatureException");
    for (String wrong : List.of("0", "-1", "soon", "9999999", "")) {
      String uri = call.uri().replace("X-Amz-Expires=" + lives, "X-Amz-Expires=" + wrong);
      assertRefused(
          new Call(call.method(), uri, call.headers(), call.body()),
          "IncompleteSignatureException");
    }
  }

  @Test
  void refusesTheScopeOfAnotherService() {
    assertRefused(
        signed(MILLER, NOW, "dynamodb", AuthLocation.HEADER), "InvalidSignatureException");
  }

  @Test
  void refusesWhatWasChangedOnItsWay() {
    Call call = signed(MILLER);
    assertRefused(
        new Call(call.method(), call.uri(), call.headers(), bytes("{ }")),
        "InvalidSignatureException");
    assertRefused(
        new Call(call.method(), "/?a=b", call.headers(), call.body()), "InvalidSignatureException");
    assertRefused(
        new Call(
            call.method(),
            call.uri(),
            name ->
                name.equalsIgnoreCase("x-amz-target")
                    ? List.of("Kinesis_20131202.DeleteStream")
                    : call.headers().all(name),
            call.body()),
        "InvalidSignatureException");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "Content-Type",
        "X-Amz-Target",
        "X-Amz-Date",
        "x-amz-content-sha256",
        "X-Amz-Security-Token"
      })
  void refusesAnotherValueOfAnyHeaderThatIsCovered(String header) {
    Call call = signed(AwsSessionCredentialsIdentity.create("AKIDGUEST", "bread", "today"));
    strict.check(call);
    String other =
        header.equals("X-Amz-Date") ? "20261121T030001Z" : call.headers().first(header) + "x";
    assertRefused(
        with(call, header, other),
        header.equals("X-Amz-Security-Token")
            ? "UnrecognizedClientException"
            : "InvalidSignatureException");
  }

  @Test
  void refusesAnotherMethodOrPath() {
    Call call = signed(MILLER);
    assertRefused(
        new Call("PUT", call.uri(), call.headers(), call.body()), "InvalidSignatureException");
    assertRefused(
        new Call(call.method(), "/stream", call.headers(), call.body()),
        "InvalidSignatureException");
  }

  /** Every part of what the client says of its signature is covered by it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "AKIDMILLER/20261121 AKIDOTHER/20261121 InvalidSignatureException",
        "AKIDMILLER/20261121 AKIDMILLER/20261120 IncompleteSignatureException",
        "/eu-west-1/ /eu-west-2/ InvalidSignatureException",
        "/kinesis/ /firehose/ InvalidSignatureException",
        "content-type;host host InvalidSignatureException",
        ";x-amz-target ;x-amz-other IncompleteSignatureException"
      })
  void refusesAnotherScopeOrCoverage(String change) {
    String[] parts = change.split(" ", -1);
    Call call = signed(MILLER);
    String authorization = call.headers().first("Authorization");
    assertThat(authorization).contains(parts[0]);
    assertRefused(with(call, "Authorization", authorization.replace(parts[0], parts[1])), parts[2]);
  }

  @Test
  void caresForNoHeaderThatIsNotCovered() {
    Call call = with(signed(MILLER), "User-Agent", "mill/1");
    assertThatCode(() -> strict.check(call)).doesNotThrowAnyException();
  }

  /** Signatures are made over the body, in one piece. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusesSignaturesThatLeaveOutTheBody(boolean isChunked) {
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(URI.create("https://127.0.0.1:4567/"))
            .putHeader("Content-Type", "application/x-amz-json-1.1")
            .putHeader("Content-Length", "2")
            .putHeader("X-Amz-Target", "Kinesis_20131202.ListStreams")
            .build();
    Call call =
        call(
            AwsV4HttpSigner.create()
                .sign(
                    r ->
                        r.identity(MILLER)
                            .request(request)
                            .payload(ContentStreamProvider.fromUtf8String("{}"))
                            .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "kinesis")
                            .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1")
                            .putProperty(AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED, isChunked)
                            .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, isChunked)
                            .putProperty(
                                HttpSigner.SIGNING_CLOCK, Clock.fixed(NOW, ZoneOffset.UTC)))
                .request());
    assertThat(call.headers().first("x-amz-content-sha256"))
        .isEqualTo(isChunked ? "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" : "UNSIGNED-PAYLOAD");
    assertRefused(call, "InvalidSignatureException");
  }

  /** In the query a name may come twice. */
  @Test
  void acceptsAnyQuery() {
    for (String query : List.of("?b=2&a=1", "?a=2&a=1", "?a", "?a=%20b%2F%C3%A4&c=*~")) {
      Call call = signed(MILLER, URI.create("http://127.0.0.1:4567/mill/wheel" + query));
      assertThatCode(() -> strict.check(call)).as(query).doesNotThrowAnyException();
      assertRefused(
          new Call(call.method(), call.uri() + "&z=1", call.headers(), call.body()),
          "InvalidSignatureException");
    }
  }

  @Test
  void saysWhenThereIsNoSignature() {
    Call call = call("/", Map.of("Host", "x"), "{}");
    assertRefused(call, "MissingAuthenticationTokenException");
    assertThatThrownBy(() -> lenient.check(call)).isInstanceOf(CallRefusedException.class);
  }

  @Test
  void refusesTwoSignaturesAtOnce() {
    Call call = signed(MILLER);
    assertRefused(
        new Call(call.method(), "/?X-Amz-Signature=" + "0".repeat(64), call.headers(), call.body()),
        "InvalidSignatureException");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=a/20261121/eu/kinesis/aws4_request",
        "AWS4-HMAC-SHA256 Credential=a/20261121/eu/kinesis/aws4_request, SignedHeaders=host",
        "AWS4-HMAC-SHA256 Credential=a/20261121/eu/kinesis/aws4_request,"
            + " SignedHeaders=host;x-amz-date, Signature=abc",
        "AWS4-HMAC-SHA1 Credential=a/20261121/eu/kinesis/aws4_request,"
            + " SignedHeaders=host;x-amz-date, Signature="
            + HEX,
        "AWS4-HMAC-SHA256 Credential=a/20261120/eu/kinesis/aws4_request,"
            + " SignedHeaders=host;x-amz-date, Signature="
            + HEX,
        "AWS4-HMAC-SHA256 Credential=a/20261121/eu/kinesis/aws4_request,"
            + " SignedHeaders=x-amz-date, Signature="
            + HEX
      })
  void refusesWhatIsNotWellFormed(String authorization) {
    Call call =
        call(
            "/",
            Map.of("Authorization", authorization, "X-Amz-Date", "20261121T030000Z", "Host", "x"),
            "{}");
    assertRefused(call, "IncompleteSignatureException");
    assertThatThrownBy(() -> lenient.check(call)).isInstanceOf(CallRefusedException.class);
  }

  @Test
  void verifiesNothingWhenItIsLenient() {
    assertThatCode(
            () -> lenient.check(signed(AwsCredentialsIdentity.create("anybody", "anything"))))
        .doesNotThrowAnyException();
  }

  private static final String HEX =
      "0000000000000000000000000000000000000000000000000000000000000000";

  private static final String BOTOCORE =
      "AWS4-HMAC-SHA256 Credential=AKIDMILLER/20261121/eu-west-1/kinesis/aws4_request, "
          + "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
          + "Signature=9636fa60d28160c9ffdabdc567dd9d14aa0267502ae5848b3f33c76a71fef974";

  private void assertRefused(Call call, String type) {
    assertThatThrownBy(() -> strict.check(call))
        .isInstanceOfSatisfying(
            CallRefusedException.class, refused -> assertThat(refused.type()).isEqualTo(type));
  }

  private static Call signed(AwsCredentialsIdentity identity) {
    return signed(identity, NOW, "kinesis", AuthLocation.HEADER);
  }

  private static Call signed(AwsCredentialsIdentity identity, URI uri) {
    return signed(identity, uri, NOW, "kinesis", AuthLocation.HEADER);
  }

  private static Call signed(
      AwsCredentialsIdentity identity, Instant at, String service, AuthLocation location) {
    return signed(identity, URI.create("http://127.0.0.1:4567/"), at, service, location);
  }

  private static Call signed(
      AwsCredentialsIdentity identity, URI uri, Instant at, String service, AuthLocation location) {
    return signed(
        identity,
        uri,
        at,
        service,
        location,
        location == AuthLocation.QUERY_STRING ? Duration.ofMinutes(5) : null);
  }

  private static Call signed(
      AwsCredentialsIdentity identity,
      URI uri,
      Instant at,
      String service,
      AuthLocation location,
      Duration lifetime) {
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(uri)
            .putHeader("Content-Type", "application/x-amz-cbor-1.1")
            .putHeader("X-Amz-Target", "Kinesis_20131202.ListStreams")
            .build();
    return call(
        AwsV4HttpSigner.create()
            .sign(
                r ->
                    r.identity(identity)
                        .request(request)
                        .payload(ContentStreamProvider.fromUtf8String("{}"))
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1")
                        .putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, location)
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(at, ZoneOffset.UTC))
                        .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, lifetime))
            .request());
  }

  private static Call call(SdkHttpRequest signed) {
    Map<String, String> headers = new LinkedHashMap<>();
    signed.headers().forEach((name, values) -> headers.put(name, values.get(0)));
    String query = signed.encodedQueryParameters().map(all -> "?" + all).orElse("");
    return call(signed.encodedPath() + query, headers, "{}");
  }

  private static Call with(Call call, String header, String value) {
    return new Call(
        call.method(),
        call.uri(),
        name -> name.equalsIgnoreCase(header) ? List.of(value) : call.headers().all(name),
        call.body());
  }

  private static Call call(String uri, Map<String, String> headers, String body) {
    Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    anyCase.putAll(headers);
    return new Call(
        "POST",
        uri,
        name -> anyCase.containsKey(name) ? List.of(anyCase.get(name)) : List.of(),
        bytes(body));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
