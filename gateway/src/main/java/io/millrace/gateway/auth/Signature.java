package io.millrace.gateway.auth;

import io.millrace.gateway.call.Call;
import io.millrace.gateway.call.CallRefusedException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The signature of a call as it claims to be: from the header {@code Authorization} or from the
 * query.
 *
 * @param accessKeyId the key it was made with
 * @param date the day of its scope, {@code yyyyMMdd}
 * @param region the region of its scope
 * @param service the service of its scope
 * @param signedHeaders the headers that it covers, in lower case
 * @param time when it was made, {@code yyyyMMdd'T'HHmmss'Z'}
 * @param sessionToken what came beside it; empty for none
 * @param isInQuery whether it came in the query
 * @param lifetime how long after that time it may be used; empty where it does not say
 * @param signature the signature itself, in hexadecimal digits
 */
record Signature(
    String accessKeyId,
    String date,
    String region,
    String service,
    List<String> signedHeaders,
    String time,
    String sessionToken,
    boolean isInQuery,
    Optional<Duration> lifetime,
    String signature) {

  static final String ALGORITHM = "AWS4-HMAC-SHA256";

  private static final String TARGET = "x-amz-target";
  private static final Pattern SCOPE =
      Pattern.compile("([^/\\s]+)/(\\d{8})/([^/\\s]+)/([^/\\s]+)/aws4_request");
  private static final Pattern TIME = Pattern.compile("\\d{8}T\\d{6}Z");
  private static final Pattern SECONDS = Pattern.compile("[1-9]\\d{0,5}");
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  /**
   * Reads the signature of a call.
   *
   * @throws CallRefusedException when there is none, or two, or one that is not well formed
   */
  static Signature of(Call call) {
    String header = call.headers().first("Authorization");
    Map<String, String> query = query(call.uri());
    boolean isInQuery = query.containsKey("X-Amz-Signature");
    if (isInQuery && !header.isEmpty()) {
      throw new CallRefusedException(
          "InvalidSignatureException",
          "Found both 'X-Amz-Signature' as a query parameter and 'Authorization' as a header.");
    }
    if (!isInQuery && header.isEmpty()) {
      throw new CallRefusedException(
          "MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    Signature signature = isInQuery ? ofQuery(query) : ofHeader(call, header);
    require(
        call.headers().all(TARGET).isEmpty() || signature.signedHeaders().contains(TARGET),
        "'x-amz-target' among the 'SignedHeaders'");
    return signature;
  }

  private static Signature ofQuery(Map<String, String> query) {
    return of(
        query.getOrDefault("X-Amz-Algorithm", ""),
        query.getOrDefault("X-Amz-Credential", ""),
        query.getOrDefault("X-Amz-SignedHeaders", ""),
        query.get("X-Amz-Signature"),
        query.getOrDefault("X-Amz-Date", ""),
        query.getOrDefault("X-Amz-Security-Token", ""),
        true,
        query.get("X-Amz-Expires"));
  }

  private static Signature ofHeader(Call call, String header) {
    int space = header.indexOf(' ');
    String algorithm = space < 0 ? header : header.substring(0, space);
    Map<String, String> parts = new LinkedHashMap<>();
    for (String part : (space < 0 ? "" : header.substring(space)).split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      }
    }
    return of(
        algorithm,
        parts.getOrDefault("Credential", ""),
        parts.getOrDefault("SignedHeaders", ""),
        parts.getOrDefault("Signature", ""),
        call.headers().first("X-Amz-Date"),
        call.headers().first("X-Amz-Security-Token"),
        false,
        null);
  }

  private static Signature of(
      String algorithm,
      String credential,
      String signedHeaders,
      String signature,
      String time,
      String sessionToken,
      boolean isInQuery,
      String expires) {
    Matcher scope = SCOPE.matcher(credential);
    List<String> headers = Arrays.asList(signedHeaders.toLowerCase(Locale.ROOT).split(";", -1));
    require(algorithm.equals(ALGORITHM), "the algorithm " + ALGORITHM);
    require(scope.matches(), "a 'Credential' of the form key/date/region/service/aws4_request");
    require(headers.contains("host"), "'host' among the 'SignedHeaders'");
    require(HEX.matcher(signature).matches(), "a 'Signature' of 64 hexadecimal digits");
    require(TIME.matcher(time).matches(), "a valid 'X-Amz-Date'");
    require(isInQuery || headers.contains("x-amz-date"), "'x-amz-date' among the 'SignedHeaders'");
    require(expires == null || SECONDS.matcher(expires).matches(), "a valid 'X-Amz-Expires'");
    require(time.startsWith(scope.group(2)), "the same day in 'Credential' and 'X-Amz-Date'");
    return new Signature(
        scope.group(1),
        scope.group(2),
        scope.group(3),
        scope.group(4),
        headers,
        time,
        sessionToken,
        isInQuery,
        Optional.ofNullable(expires).map(Long::parseLong).map(Duration::ofSeconds),
        signature);
  }

  private static void require(boolean isThere, String what) {
    if (!isThere) {
      throw new CallRefusedException(
          "IncompleteSignatureException", "Authorization requires " + what + ".");
    }
  }

  private static Map<String, String> query(String uri) {
    Map<String, String> parameters = new LinkedHashMap<>();
    forEachParameter(uri, parameters::put);
    return parameters;
  }

  /** Hands on the parameters of a query in their order, decoded. A name may come several times. */
  static void forEachParameter(String uri, BiConsumer<String, String> parameters) {
    int start = uri.indexOf('?');
    if (start >= 0) {
      for (String parameter : uri.substring(start + 1).split("&", -1)) {
        int equals = parameter.indexOf('=');
        parameters.accept(
            decoded(equals < 0 ? parameter : parameter.substring(0, equals)),
            equals < 0 ? "" : decoded(parameter.substring(equals + 1)));
      }
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return text;
    }
  }
}
