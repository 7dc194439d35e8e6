package io.millrace.gateway.auth;

import io.millrace.gateway.call.Authenticator;
import io.millrace.gateway.call.Call;
import io.millrace.gateway.call.CallRefusedException;
import io.millrace.gateway.call.Caller;
import io.millrace.gateway.settings.AccessKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.internal.signer.CredentialScope;
import software.amazon.awssdk.http.auth.aws.internal.signer.V4CanonicalRequest;
import software.amazon.awssdk.http.auth.aws.internal.signer.util.SignerUtils;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.utils.BinaryUtils;
import software.amazon.awssdk.utils.Pair;

/**
 * Signs a call again, with the secret of the key that it names, and compares. The canonical form
 * and the derivation of the key are those of the official signing library: of its inner parts,
 * since its signer as a whole insists on covering a header that not every client sends.
 */
public final class SignatureCheck implements Authenticator {

  private static final String SERVICE = "kinesis";
  private static final Duration LARGEST_SKEW = Duration.ofMinutes(5);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT);

  private final Map<String, AccessKey> keys;
  private final InstantSource clock;

  /** A check that knows these keys. */
  public SignatureCheck(Collection<AccessKey> keys, InstantSource clock) {
    this.keys = keys.stream().collect(Collectors.toUnmodifiableMap(AccessKey::id, key -> key));
    this.clock = clock;
  }

  /**
   * A check of the form only.
   *
   * @param everybody who all callers are taken for
   */
  public static Authenticator ofForm(Caller everybody) {
    return call -> everybody.withAccessKeyId(Signature.of(call).accessKeyId());
  }

  @Override
  public Caller check(Call call) {
    Signature claimed = Signature.of(call);
    AccessKey key = keys.get(claimed.accessKeyId());
    if (key == null || !isEqual(key.sessionToken().orElse(""), claimed.sessionToken())) {
      throw new CallRefusedException(
          "UnrecognizedClientException", "The security token included in the request is invalid.");
    }
    if (!claimed.service().equals(SERVICE)) {
      throw invalid("Credential should be scoped to correct service: 'kinesis'.");
    }
    Instant time = time(claimed.time());
    Instant now = clock.instant();
    Duration age = Duration.between(time, now);
    boolean isOver = claimed.lifetime().filter(lifetime -> age.compareTo(lifetime) > 0).isPresent();
    if (isOver || age.abs().compareTo(LARGEST_SKEW) > 0) {
      throw invalid(
          "Signature %s: it was made at %s, and it is %s."
              .formatted(time.isBefore(now) ? "expired" : "not yet current", time, now));
    }
    if (!isEqual(signature(call, claimed, key, time), claimed.signature())) {
      throw invalid(
          "The request signature we calculated does not match the signature you provided. Check"
              + " your AWS Secret Access Key and signing method. Consult the service documentation"
              + " for details.");
    }
    return new Caller(Optional.of(key.id()), key.principal(), key.policies());
  }

  private static String signature(Call call, Signature claimed, AccessKey key, Instant time) {
    CredentialScope scope = new CredentialScope(claimed.region(), SERVICE, time);
    String canonical = canonical(call, claimed);
    String toSign =
        String.join(
            "\n",
            Signature.ALGORITHM,
            scope.getDatetime(),
            scope.scope(),
            SignerUtils.hashCanonicalRequest(canonical));
    byte[] signingKey =
        SignerUtils.deriveSigningKey(AwsCredentialsIdentity.create(key.id(), key.secret()), scope);
    return BinaryUtils.toHex(SignerUtils.computeSignature(toSign, signingKey));
  }

  /**
   * The canonical request. Its headers are put together here, since the library leaves out some
   * that a signature may well cover, {@code User-Agent} for one.
   */
  private static String canonical(Call call, Signature claimed) {
    String hash = BinaryUtils.toHex(SignerUtils.hash(call.body().duplicate()));
    String[] methodPathQuery =
        new V4CanonicalRequest(
                withoutHeaders(call), hash, new V4CanonicalRequest.Options(true, true))
            .getCanonicalRequestString()
            .split("\n", 4);
    List<Pair<String, List<String>>> headers =
        claimed.signedHeaders().stream()
            .distinct()
            .sorted()
            .map(name -> Pair.of(name, call.headers().all(name)))
            .toList();
    return String.join(
        "\n",
        methodPathQuery[0],
        methodPathQuery[1],
        methodPathQuery[2],
        V4CanonicalRequest.getCanonicalHeadersString(headers),
        V4CanonicalRequest.getSignedHeadersString(headers),
        hash);
  }

  private static SdkHttpRequest withoutHeaders(Call call) {
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(call.method()))
            .protocol("http")
            .host("signed-header-counts")
            .encodedPath(call.path());
    Signature.forEachParameter(
        call.uri(),
        (name, value) -> {
          if (!name.equals("X-Amz-Signature")) {
            request.appendRawQueryParameter(name, value);
          }
        });
    return request.build();
  }

  private static Instant time(String text) {
    try {
      return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException notATime) {
      throw new CallRefusedException(
          "IncompleteSignatureException", "Authorization requires a valid 'X-Amz-Date'.");
    }
  }

  private static CallRefusedException invalid(String message) {
    return new CallRefusedException("InvalidSignatureException", message);
  }

  /** In a time that does not tell how much of it is right. */
  private static boolean isEqual(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }
}
