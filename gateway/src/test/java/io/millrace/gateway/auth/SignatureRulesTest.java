package io.millrace.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.gateway.call.Authenticator;
import io.millrace.gateway.call.Call;
import io.millrace.gateway.call.CallRefusedException;
import io.millrace.gateway.settings.AccessKey;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules of Signature Version 4 as AWS publishes them, one by one, and as its suite of test
 * vectors has them: each request stands beside the canonical request that the rules make of it. The
 * signatures are made of that text, by nothing but the JDK.
 */
class SignatureRulesTest {

  private static final Instant NOW = Instant.parse("2015-08-30T12:36:00Z");
  private static final String TIME = "20150830T123600Z";
  private static final String SCOPE = "20150830/us-east-1/kinesis/aws4_request";
  private static final String ID = "AKIDMILLER";
  private static final String SECRET = "grain";
  private static final String NO_BODY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private final Authenticator strict =
      new SignatureCheck(List.of(AccessKey.of(ID, SECRET)), InstantSource.fixed(NOW));

  /**
   * A request and its canonical form.
   *
   * @param rule what it is an example of
   * @param request its first line, then its headers
   * @param signedHeaders the headers that the signature covers, as it says
   * @param canonical the same by the rules, without the headers that all have and without the hash
   *     of the body, which is the last line
   */
  private record Example(
      String rule, String request, String signedHeaders, String body, String canonical) {

    @Override
    public String toString() {
      return rule;
    }
  }

  static Stream<Example> examples() {
    return Stream.of(
        get("a request with nothing in it", "/", "/", ""),
        get("parameters are sorted by name", "/?Param2=b&Param1=a", "/", "Param1=a&Param2=b"),
        get("capital letters come first", "/?b=1&a=2&A=3&B=4", "/", "A=3&B=4&a=2&b=1"),
        get("parameters of one name are sorted by value", "/?p=2&p=10&p=1", "/", "p=1&p=10&p=2"),
        get("a parameter without a value has an empty one", "/?p", "/", "p="),
        get("unreserved characters stay", "/?-._~aZ09=-._~aZ09", "/", "-._~aZ09=-._~aZ09"),
        get("whatever is encoded without need is decoded", "/?%70=%7E", "/", "p=~"),
        get("everything else is encoded", "/?p=%20!%2F%3D%26", "/", "p=%20%21%2F%3D%26"),
        get("text is encoded as UTF-8", "/?%E1%88%B4=b", "/", "%E1%88%B4=b"),
        get("the path is encoded once more", "/mill%20stone", "/mill%2520stone", ""),
        get("in UTF-8 too", "/%E1%88%B4", "/%25E1%2588%25B4", ""),
        get("unreserved characters of the path stay", "/-._~aZ09", "/-._~aZ09", ""),
        get("a step back leaves its directory", "/mill/..", "/", ""),
        get("two steps back leave two", "/mill/stone/../..", "/", ""),
        get("a step on the spot leads nowhere", "/./mill/./stone", "/mill/stone", ""),
        get("slashes in a row are one", "//mill//stone", "/mill/stone", ""),
        get("a slash at the end stays", "/mill//stone/", "/mill/stone/", ""),
        header(
            "names of headers are compared in lower case",
            "My-HEADER1: value1",
            "host;my-header1;x-amz-date",
            "my-header1:value1"),
        header(
            "values of one name are joined in their order",
            "My-Header1: value4\nMy-Header1: value1\nMy-Header1: value3",
            "host;my-header1;x-amz-date",
            "my-header1:value4,value1,value3"),
        header(
            "values are trimmed, and spaces in a row are one, also in quotes",
            "My-Header1:    value1  \nMy-Header2: \"a   b   c\"",
            "host;my-header1;my-header2;x-amz-date",
            "my-header1:value1\nmy-header2:\"a b c\""),
        header(
            "headers that are not covered do not count",
            "My-Header1: value1",
            "host;x-amz-date",
            ""),
        header(
            "headers are sorted whatever order they are listed in",
            "My-Header1: value1",
            "x-amz-date;my-header1;host",
            "my-header1:value1"),
        header(
            "a header that proxies change may be covered",
            "User-Agent: mill/1",
            "host;user-agent;x-amz-date",
            "user-agent:mill/1"),
        new Example(
            "the body counts, whatever it is",
            "POST /\nContent-Type: application/x-www-form-urlencoded",
            "content-type;host;x-amz-date",
            "Param1=value1",
            """
            POST
            /

            content-type:application/x-www-form-urlencoded
            host:example.amazonaws.com
            x-amz-date:%s

            content-type;host;x-amz-date
            9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e\
            """
                .formatted(TIME)));
  }

  private static Example get(String rule, String uri, String path, String query) {
    return new Example(
        rule,
        "GET " + uri,
        "host;x-amz-date",
        "",
        """
        GET
        %s
        %s
        host:example.amazonaws.com
        x-amz-date:%s

        host;x-amz-date
        %s\
        """
            .formatted(path, query, TIME, NO_BODY));
  }

  private static Example header(
      String rule, String headers, String signedHeaders, String canonicalHeaders) {
    List<String> lines = new ArrayList<>(canonicalHeaders.lines().toList());
    lines.add("host:example.amazonaws.com");
    lines.add("x-amz-date:" + TIME);
    return new Example(
        rule,
        "GET /\n" + headers,
        signedHeaders,
        "",
        """
        GET
        /

        %s

        %s
        %s\
        """
            .formatted(
                String.join("\n", lines.stream().sorted().toList()),
                String.join(";", Stream.of(signedHeaders.split(";", -1)).sorted().toList()),
                NO_BODY));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void acceptsWhatIsSignedByTheRules(Example example) {
    assertThatCode(() -> strict.check(signed(example))).doesNotThrowAnyException();
  }

  /** Nothing of the request may be other than what was signed. */
  @ParameterizedTest
  @MethodSource("examples")
  void refusesItWithAnotherMethodPathQueryOrBody(Example example) {
    Call call = signed(example);
    String another = call.uri().contains("?") ? call.uri() + "&z" : call.uri() + "?z";
    assertRefused(new Call("PUT", call.uri(), call.headers(), call.body()));
    assertRefused(new Call(call.method(), "/z" + call.uri(), call.headers(), call.body()));
    assertRefused(new Call(call.method(), another, call.headers(), call.body()));
    assertRefused(
        new Call(call.method(), call.uri(), call.headers(), ByteBuffer.wrap("z".getBytes(UTF_8))));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void refusesItWithAnotherValueOfAnyHeaderThatIsCovered(Example example) {
    Call call = signed(example);
    for (String header : example.signedHeaders().split(";", -1)) {
      if (!header.equals("x-amz-date")) {
        assertRefused(
            with(call, header, call.headers().all(header).stream().map(v -> v + "z").toList()));
        assertRefused(with(call, header, List.of()));
        List<String> more = new ArrayList<>(call.headers().all(header));
        more.add("z");
        assertRefused(with(call, header, more));
      }
    }
  }

  /** Values of one name have an order. */
  @Test
  void refusesValuesInAnotherOrder() {
    Call call =
        signed(
            header(
                "",
                "My-Header1: a\nMy-Header1: b",
                "host;my-header1;x-amz-date",
                "my-header1:a,b"));
    assertThatCode(() -> strict.check(call)).doesNotThrowAnyException();
    assertRefused(with(call, "my-header1", List.of("b", "a")));
    assertThatCode(() -> strict.check(with(call, "my-header1", List.of("a,b"))))
        .doesNotThrowAnyException();
  }

  /** The hash that the client tells is not believed. */
  @Test
  void refusesABodyThatOnlyItsHeaderVouchesFor() {
    String told = sha256("{}");
    Example example =
        new Example(
            "",
            "POST /\nX-Amz-Content-Sha256: " + told,
            "host;x-amz-content-sha256;x-amz-date",
            "{}",
            """
            POST
            /

            host:example.amazonaws.com
            x-amz-content-sha256:%s
            x-amz-date:%s

            host;x-amz-content-sha256;x-amz-date
            %s\
            """
                .formatted(told, TIME, told));
    Call call = signed(example);
    assertThatCode(() -> strict.check(call)).doesNotThrowAnyException();
    assertRefused(
        new Call(
            call.method(), call.uri(), call.headers(), ByteBuffer.wrap("{ }".getBytes(UTF_8))));
  }

  /** A part of it is no signature, nor is it in capital letters. */
  @Test
  void refusesASignatureThatIsNotExactlyIt() {
    Call call = signed(get("", "/", "/", ""));
    String authorization = call.headers().first("Authorization");
    String signature = authorization.substring(authorization.length() - 64);
    for (String other :
        List.of(
            signature.substring(1),
            signature.substring(0, 63),
            signature + "0",
            "",
            "z" + signature.substring(1))) {
      assertRefused(
          with(call, "Authorization", List.of(authorization.replace(signature, other))),
          "IncompleteSignatureException");
    }
    for (int i = 0; i < signature.length(); i++) {
      char changed = signature.charAt(i) == '0' ? '1' : '0';
      String other = signature.substring(0, i) + changed + signature.substring(i + 1);
      assertRefused(with(call, "Authorization", List.of(authorization.replace(signature, other))));
    }
  }

  private void assertRefused(Call call) {
    assertRefused(call, "InvalidSignatureException");
  }

  private void assertRefused(Call call, String type) {
    assertThatThrownBy(() -> strict.check(call))
        .isInstanceOfSatisfying(
            CallRefusedException.class, refused -> assertThat(refused.type()).isEqualTo(type));
  }

  private static Call with(Call call, String header, List<String> values) {
    return new Call(
        call.method(),
        call.uri(),
        name -> name.equalsIgnoreCase(header) ? values : call.headers().all(name),
        call.body());
  }

  // the signer

  private static Call signed(Example example) {
    String toSign = String.join("\n", "AWS4-HMAC-SHA256", TIME, SCOPE, sha256(example.canonical()));
    byte[] key = ("AWS4" + SECRET).getBytes(UTF_8);
    for (String part : SCOPE.split("/", -1)) {
      key = hmac(key, part);
    }
    List<String> lines = example.request().lines().toList();
    String[] first = lines.get(0).split(" ", 2);
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put("Host", List.of("example.amazonaws.com"));
    headers.put("X-Amz-Date", List.of(TIME));
    headers.put(
        "Authorization",
        List.of(
            "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                .formatted(
                    ID,
                    SCOPE,
                    example.signedHeaders(),
                    HexFormat.of().formatHex(hmac(key, toSign)))));
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      headers
          .computeIfAbsent(line.substring(0, colon), unseen -> new ArrayList<>())
          .add(line.substring(colon + 1));
    }
    return new Call(
        first[0],
        first[1],
        name -> headers.getOrDefault(name, List.of()),
        ByteBuffer.wrap(example.body().getBytes(UTF_8)));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
