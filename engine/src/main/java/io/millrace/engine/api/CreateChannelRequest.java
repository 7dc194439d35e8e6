package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.CHANNEL_LIST;
import static io.millrace.engine.api.Constraints.ROLE_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.RecordFormatType;
import java.util.List;
import java.util.Map;

/**
 * CreateChannel: delivers what is put into an on-demand stream from now on. The channel is
 * CREATING, then ACTIVE.
 *
 * <p>Refused with {@link ResourceInUseException} when the name is taken, or the stream is CREATING
 * or DELETING, {@link LimitExceededException} when the stream or the account has as many channels
 * as it may, {@link InvalidArgumentException} for a provisioned stream, a destination that there is
 * none of, or values that do not go together, and with the error of the master key, such as {@link
 * KMSNotFoundException}, when that cannot be used now.
 *
 * @param channelName its name, unique in the account; required
 * @param serviceExecutionRoleARN the role that delivers; required, and kept without being used
 * @param streamConfigurationList what is read: one entry; required
 * @param s3DestinationConfiguration objects in a bucket; null unless they are the destination
 * @param s3TablesDestinationConfiguration a table; null unless it is the destination
 * @param encryptionConfiguration the master key of what is delivered; null for none
 * @param tags its tags, 1 to 50, values by keys; null for none
 * @param loggingConfiguration what it logs; null for nothing
 */
public record CreateChannelRequest(
    String channelName,
    String serviceExecutionRoleARN,
    List<ChannelStreamConfiguration> streamConfigurationList,
    S3DestinationConfiguration s3DestinationConfiguration,
    S3TablesDestinationConfiguration s3TablesDestinationConfiguration,
    ChannelEncryptionConfiguration encryptionConfiguration,
    Map<String, String> tags,
    ChannelLoggingConfiguration loggingConfiguration)
    implements Request {

  /** Copies the list and the map. */
  public CreateChannelRequest {
    streamConfigurationList = Lists.copy(streamConfigurationList);
    tags = Tags.copy(tags);
  }

  /** A channel that delivers the records of one stream as objects. */
  public static CreateChannelRequest toS3(
      String channelName,
      String serviceExecutionRoleARN,
      ChannelStreamConfiguration stream,
      S3DestinationConfiguration destination) {
    return new CreateChannelRequest(
        channelName, serviceExecutionRoleARN, List.of(stream), destination, null, null, null, null);
  }

  /** The same with these tags. */
  public CreateChannelRequest withTags(Map<String, String> tags) {
    return new CreateChannelRequest(
        channelName,
        serviceExecutionRoleARN,
        streamConfigurationList,
        s3DestinationConfiguration,
        s3TablesDestinationConfiguration,
        encryptionConfiguration,
        tags,
        loggingConfiguration);
  }

  /** The same under this master key. */
  public CreateChannelRequest withEncryption(ChannelEncryptionConfiguration encryption) {
    return new CreateChannelRequest(
        channelName,
        serviceExecutionRoleARN,
        streamConfigurationList,
        s3DestinationConfiguration,
        s3TablesDestinationConfiguration,
        encryption,
        tags,
        loggingConfiguration);
  }

  /** The same with this log. */
  public CreateChannelRequest withLogging(ChannelLoggingConfiguration logging) {
    return new CreateChannelRequest(
        channelName,
        serviceExecutionRoleARN,
        streamConfigurationList,
        s3DestinationConfiguration,
        s3TablesDestinationConfiguration,
        encryptionConfiguration,
        tags,
        logging);
  }

  @Override
  public void validate() {
    Violations violations =
        new Violations()
            .required("channelName", channelName)
            .text("channelName", channelName, STREAM_NAME)
            .required("serviceExecutionRoleARN", serviceExecutionRoleARN)
            .text("serviceExecutionRoleARN", serviceExecutionRoleARN, ROLE_ARN)
            .required("streamConfigurationList", streamConfigurationList)
            .entries("streamConfigurationList", streamConfigurationList, CHANNEL_LIST)
            .requiredEntries("streamConfigurationList", streamConfigurationList);
    Lists.validate(
        "streamConfigurationList",
        streamConfigurationList,
        (stream, at) -> stream.validate(at, violations));
    if (s3DestinationConfiguration != null) {
      s3DestinationConfiguration.validate("s3DestinationConfiguration", violations);
    }
    if (s3TablesDestinationConfiguration != null) {
      s3TablesDestinationConfiguration.validate("s3TablesDestinationConfiguration", violations);
    }
    if (encryptionConfiguration != null) {
      encryptionConfiguration.validate("encryptionConfiguration", violations);
    }
    if (loggingConfiguration != null) {
      loggingConfiguration.validate("loggingConfiguration", violations);
    }
    Tags.validate(tags, violations).throwIfAny();
  }

  @Override
  public void checkArguments() {
    if (streamConfigurationList.size() != 1) {
      throw new InvalidArgumentException(
          "StreamConfigurationList must have one entry, not %d."
              .formatted(streamConfigurationList.size()));
    }
    if ((s3DestinationConfiguration == null) == (s3TablesDestinationConfiguration == null)) {
      throw new InvalidArgumentException(
          "Either S3DestinationConfiguration or S3TablesDestinationConfiguration must be"
              + " specified, and not both.");
    }
    RecordConfiguration records = streamConfigurationList.get(0).recordConfiguration();
    if (s3DestinationConfiguration != null) {
      checkObjects(records);
    } else {
      checkTable(records);
    }
    checkKey();
    Tags.check(tags);
  }

  private static void checkObjects(RecordConfiguration records) {
    if (records.recordFormatType() == RecordFormatType.GSR_JSON) {
      throw new InvalidArgumentException("RecordFormatType GSR_JSON is for tables only.");
    }
  }

  private void checkTable(RecordConfiguration records) {
    int tables = s3TablesDestinationConfiguration.s3TablesConfigurationList().size();
    if (tables != 1) {
      throw new InvalidArgumentException(
          "S3TablesConfigurationList must have one entry, not %d.".formatted(tables));
    }
    switch (records.recordFormatType()) {
      case STRING, BYTE_ARRAY ->
          throw new InvalidArgumentException(
              "RecordFormatType %s is for objects in buckets only."
                  .formatted(records.recordFormatType()));
      case JSON, GSR_JSON -> {
        if (records.gSRSchemaARN() == null) {
          throw new InvalidArgumentException("GSRSchemaARN must be specified for a table.");
        }
      }
    }
  }

  private void checkKey() {
    if (encryptionConfiguration == null) {
      return;
    }
    KeyId key;
    try {
      key = new KeyId(encryptionConfiguration.keyId());
    } catch (IllegalArgumentException notAKey) {
      throw new InvalidArgumentException("KeyId %s.".formatted(notAKey.getMessage()));
    }
    if (key.value().equals(KeyId.DEFAULT.value())
        || key.value().endsWith(":" + KeyId.DEFAULT.value())) {
      throw new InvalidArgumentException(
          "KeyId must be a key of the customer's own, not %s.".formatted(key));
    }
  }
}
