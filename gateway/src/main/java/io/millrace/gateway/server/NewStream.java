package io.millrace.gateway.server;

import io.millrace.engine.api.CreateStreamRequest;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stream that is to be there when the server starts.
 *
 * @param name its name
 * @param shards how many shards; 0 for a stream on demand
 */
record NewStream(String name, int shards) {

  /** A region may follow, as other servers have it; every region is served the same streams. */
  private static final Pattern FORM =
      Pattern.compile("([a-zA-Z0-9_.-]{1,128})(?::([1-9]\\d{0,5}))?(?::[a-z][a-z0-9-]*)?");

  /**
   * Reads {@code orders:4,audit:1}; a name alone is a stream on demand.
   *
   * @throws IllegalArgumentException when the text is not of this form
   */
  static List<NewStream> parse(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .map(NewStream::one)
        .toList();
  }

  private static NewStream one(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not of the form name:shards: " + text);
    }
    return new NewStream(
        matcher.group(1), matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2)));
  }

  CreateStreamRequest request() {
    return shards == 0
        ? CreateStreamRequest.onDemand(name)
        : CreateStreamRequest.provisioned(name, shards);
  }
}
