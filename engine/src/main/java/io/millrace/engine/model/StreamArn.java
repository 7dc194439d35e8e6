package io.millrace.engine.model;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The full name of a stream, {@code arn:<partition>:kinesis:<region>:<account>:stream/<name>}.
 *
 * @param account the account and region that the stream belongs to
 * @param streamName its name there
 */
public record StreamArn(Account account, StreamName streamName) {

  private static final Pattern FORM =
      Pattern.compile("arn:([^:]+):kinesis:([^:]*):(\\d{12}):stream/([a-zA-Z0-9_.-]{1,128})");

  public StreamArn {
    requireNonNull(account, "account");
    requireNonNull(streamName, "streamName");
  }

  /** Reads an ARN; empty when the text does not name a stream, whatever else it may name. */
  public static Optional<StreamArn> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new StreamArn(
                new Account(matcher.group(1), matcher.group(2), matcher.group(3)),
                new StreamName(matcher.group(4))))
        : Optional.empty();
  }

  /** The issued form. */
  @Override
  public String toString() {
    return "arn:%s:kinesis:%s:%s:stream/%s"
        .formatted(account.partition(), account.region(), account.id(), streamName);
  }
}
