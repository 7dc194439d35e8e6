package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.CHANNEL_ARN;

/**
 * UpdateChannel: another freshness, another log, or both; nothing else of a channel can change. The
 * channel is UPDATING, then ACTIVE.
 *
 * <p>Refused with {@link ResourceInUseException} unless the channel is ACTIVE, {@link
 * InvalidArgumentException} when nothing is to change, or something of a destination that the
 * channel does not have.
 *
 * @param channelARN the channel; required
 * @param s3DestinationConfiguration the freshness of a channel that delivers objects; null for the
 *     present one
 * @param s3TablesDestinationConfiguration the freshness of a channel that delivers to a table; null
 *     for the present one
 * @param loggingConfiguration the log; null for the present one
 */
public record UpdateChannelRequest(
    String channelARN,
    DestinationUpdateInput s3DestinationConfiguration,
    DestinationUpdateInput s3TablesDestinationConfiguration,
    ChannelLoggingConfiguration loggingConfiguration)
    implements ChannelRequest {

  /** Another freshness for a channel that delivers objects, seconds. */
  public static UpdateChannelRequest freshness(String channelARN, int seconds) {
    return new UpdateChannelRequest(channelARN, new DestinationUpdateInput(seconds), null, null);
  }

  @Override
  public void validate() {
    Violations violations =
        new Violations()
            .required("channelARN", channelARN)
            .text("channelARN", channelARN, CHANNEL_ARN);
    if (s3DestinationConfiguration != null) {
      s3DestinationConfiguration.validate("s3DestinationConfiguration", violations);
    }
    if (s3TablesDestinationConfiguration != null) {
      s3TablesDestinationConfiguration.validate("s3TablesDestinationConfiguration", violations);
    }
    if (loggingConfiguration != null) {
      loggingConfiguration.validate("loggingConfiguration", violations);
    }
    violations.throwIfAny();
  }

  @Override
  public void checkArguments() {
    if (s3TablesDestinationConfiguration != null) {
      throw new InvalidArgumentException(
          "S3TablesDestinationConfiguration is for channels that deliver to a table, and there are"
              + " none.");
    }
    if (s3DestinationConfiguration == null && loggingConfiguration == null) {
      throw new InvalidArgumentException(
          "S3DestinationConfiguration or LoggingConfiguration must be specified.");
    }
  }
}
