package io.millrace.engine.model;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The full name of a registered consumer, {@code <stream ARN>/consumer/<name>:<epoch seconds>}. A
 * name that is registered again gets another one.
 *
 * @param streamArn the stream it is registered with
 * @param consumerName its name there
 * @param createdSeconds when it was registered, epoch seconds
 */
public record ConsumerArn(StreamArn streamArn, ConsumerName consumerName, long createdSeconds) {

  private static final Pattern FORM =
      Pattern.compile("(.+)/consumer/([a-zA-Z0-9_.-]{1,128}):(0|[1-9][0-9]{0,17})");

  public ConsumerArn {
    requireNonNull(streamArn, "streamArn");
    requireNonNull(consumerName, "consumerName");
  }

  /** Reads an ARN; empty when the text does not name a consumer, whatever else it may name. */
  public static Optional<ConsumerArn> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? StreamArn.parse(matcher.group(1))
            .map(
                stream ->
                    new ConsumerArn(
                        stream,
                        new ConsumerName(matcher.group(2)),
                        Long.parseLong(matcher.group(3))))
        : Optional.empty();
  }

  /** The issued form of the ARN of a consumer of this stream. */
  public static String text(String streamArn, ConsumerName consumerName, long createdSeconds) {
    return "%s/consumer/%s:%d".formatted(streamArn, consumerName, createdSeconds);
  }

  /** The issued form. */
  @Override
  public String toString() {
    return text(streamArn.toString(), consumerName, createdSeconds);
  }
}
