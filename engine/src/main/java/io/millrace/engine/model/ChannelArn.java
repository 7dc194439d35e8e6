package io.millrace.engine.model;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The full name of a channel, {@code
 * arn:<partition>:kinesis:<region>:<account>:channel/<name>/<id>}. A name that is used again gets
 * another one.
 *
 * @param account the account and region that the channel belongs to
 * @param channelName its name there
 * @param channelId tells it from every other channel that had its name
 */
public record ChannelArn(Account account, String channelName, String channelId) {

  private static final Pattern FORM =
      Pattern.compile(
          "arn:([^:]+):kinesis:([^:]*):(\\d{12}):channel/([a-zA-Z0-9_.-]{1,128})/([a-z0-9-]{1,64})");

  public ChannelArn {
    requireNonNull(account, "account");
    requireNonNull(channelName, "channelName");
    requireNonNull(channelId, "channelId");
  }

  /** Reads an ARN; empty when the text does not name a channel, whatever else it may name. */
  public static Optional<ChannelArn> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new ChannelArn(
                new Account(matcher.group(1), matcher.group(2), matcher.group(3)),
                matcher.group(4),
                matcher.group(5)))
        : Optional.empty();
  }

  /** The issued form. */
  @Override
  public String toString() {
    return "arn:%s:kinesis:%s:%s:channel/%s/%s"
        .formatted(account.partition(), account.region(), account.id(), channelName, channelId);
  }
}
