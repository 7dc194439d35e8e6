package io.millrace.channels.directory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.millrace.channels.directory.ChannelEvent.ChannelActivated;
import io.millrace.channels.directory.ChannelEvent.ChannelCreated;
import io.millrace.channels.directory.ChannelEvent.ChannelDeleted;
import io.millrace.channels.directory.ChannelEvent.ChannelDeletionStarted;
import io.millrace.channels.directory.ChannelEvent.ChannelFailed;
import io.millrace.channels.directory.ChannelEvent.ChannelTagged;
import io.millrace.channels.directory.ChannelEvent.ChannelUpdated;
import io.millrace.engine.api.ChannelEncryptionConfiguration;
import io.millrace.engine.api.CloudWatchLogs;
import io.millrace.engine.api.DeadLetterQueueS3Configuration;
import io.millrace.engine.api.RecordConfiguration;
import io.millrace.engine.api.S3DestinationConfiguration;
import io.millrace.engine.api.S3StorageConfiguration;
import io.millrace.engine.model.ChannelArn;
import io.millrace.engine.model.ChannelEncryptionType;
import io.millrace.engine.model.ChannelStatus;
import io.millrace.engine.model.RecordFormatType;
import io.millrace.engine.model.S3CompressionType;
import io.millrace.engine.model.S3StorageClass;
import io.millrace.engine.model.StreamArn;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * The stored form of {@link ChannelEvent} and of snapshots of {@link ChannelsState}: CBOR maps with
 * named fields. Class names are never stored; a field that a reader does not know is passed over.
 */
public final class ChannelSerializer extends SerializerWithStringManifest {

  static final String CREATED = "channel.created.v1";
  static final String ACTIVATED = "channel.activated.v1";
  static final String UPDATED = "channel.updated.v1";
  static final String TAGGED = "channel.tagged.v1";
  static final String FAILED = "channel.failed.v1";
  static final String DELETION_STARTED = "channel.deletion-started.v1";
  static final String DELETED = "channel.deleted.v1";
  static final String STATE = "channel.state.v1";

  private static final int IDENTIFIER = 1_810_501;
  private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object value) {
    if (value instanceof ChannelCreated) {
      return CREATED;
    }
    if (value instanceof ChannelActivated) {
      return ACTIVATED;
    }
    if (value instanceof ChannelUpdated) {
      return UPDATED;
    }
    if (value instanceof ChannelTagged) {
      return TAGGED;
    }
    if (value instanceof ChannelFailed) {
      return FAILED;
    }
    if (value instanceof ChannelDeletionStarted) {
      return DELETION_STARTED;
    }
    if (value instanceof ChannelDeleted) {
      return DELETED;
    }
    if (value instanceof ChannelsState) {
      return STATE;
    }
    throw new IllegalArgumentException("cannot write a " + value.getClass().getName());
  }

  @Override
  public byte[] toBinary(Object value) {
    ObjectNode fields = CBOR.createObjectNode();
    if (value instanceof ChannelCreated created) {
      write(created.channel(), fields);
    } else if (value instanceof ChannelsState state) {
      ArrayNode channels = fields.putArray("channels");
      state.channels().values().forEach(channel -> write(channel, channels.addObject()));
    } else if (value instanceof ChannelEvent event) {
      fields.put("name", event.name());
      if (event instanceof ChannelUpdated updated) {
        fields.put("freshnessSeconds", updated.freshnessSeconds());
        write(updated.logs(), fields.putObject("logs"));
      } else if (event instanceof ChannelTagged tagged) {
        write(tagged.tags(), fields.putObject("tags"));
      } else if (event instanceof ChannelFailed failed) {
        fields.put("reason", failed.reason());
      }
    }
    try {
      return CBOR.writeValueAsBytes(fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Channel channel, ObjectNode fields) {
    fields
        .put("arn", channel.arn().toString())
        .put("streamArn", channel.stream().toString())
        .put("incarnation", channel.incarnation())
        .put("streamCreatedMillis", channel.streamCreatedMillis())
        .put("createdMillis", channel.createdMillis())
        .put("roleArn", channel.roleArn())
        .put("format", channel.records().recordFormatType().name());
    if (channel.records().gSRSchemaARN() != null) {
      fields.put("schemaArn", channel.records().gSRSchemaARN());
    }
    write(channel.destination(), fields.putObject("s3"));
    channel.encryption().ifPresent(key -> fields.put("keyId", key.keyId()));
    write(channel.logs(), fields.putObject("logs"));
    write(channel.tags(), fields.putObject("tags"));
    fields.put("status", channel.status().name());
    channel.reason().ifPresent(reason -> fields.put("reason", reason));
  }

  private static void write(S3DestinationConfiguration destination, ObjectNode fields) {
    S3StorageConfiguration storage = destination.storageConfiguration();
    DeadLetterQueueS3Configuration dead = destination.deadLetterQueueS3Configuration();
    fields
        .put("freshnessSeconds", destination.dataFreshnessInSeconds())
        .put("bucketArn", storage.bucketARN())
        .put("owner", storage.expectedBucketOwner())
        .put("template", storage.outputKeyTemplate())
        .put("storageClass", storage.storageClass().name())
        .put("compression", storage.compressionType().name())
        .put("deadBucketArn", dead.bucketARN())
        .put("deadOwner", dead.expectedBucketOwner())
        .put("deadPrefix", dead.errorOutputPrefix());
  }

  private static void write(CloudWatchLogs logs, ObjectNode fields) {
    fields
        .put("enabled", logs.enabled())
        .put("group", logs.logGroupName())
        .put("stream", logs.logStreamName());
  }

  private static void write(Map<String, String> tags, ObjectNode fields) {
    new TreeMap<>(tags).forEach(fields::put);
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    try {
      JsonNode fields = CBOR.readTree(bytes);
      return switch (manifest) {
        case CREATED -> new ChannelCreated(channel(fields));
        case ACTIVATED -> new ChannelActivated(text(fields, "name"));
        case UPDATED ->
            new ChannelUpdated(
                text(fields, "name"),
                fields.required("freshnessSeconds").intValue(),
                logs(fields.required("logs")));
        case TAGGED -> new ChannelTagged(text(fields, "name"), tags(fields.required("tags")));
        case FAILED -> new ChannelFailed(text(fields, "name"), text(fields, "reason"));
        case DELETION_STARTED -> new ChannelDeletionStarted(text(fields, "name"));
        case DELETED -> new ChannelDeleted(text(fields, "name"));
        case STATE -> {
          SortedMap<String, Channel> channels = new TreeMap<>();
          for (JsonNode node : fields.required("channels")) {
            Channel channel = channel(node);
            channels.put(channel.name(), channel);
          }
          yield new ChannelsState(channels);
        }
        default ->
            throw new IllegalArgumentException(
                "unknown manifest; it may have been written by a newer release");
      };
    } catch (IOException | IllegalArgumentException | NoSuchElementException unreadable) {
      NotSerializableException failure =
          new NotSerializableException(
              "cannot read '%s': %s".formatted(manifest, unreadable.getMessage()));
      failure.initCause(unreadable);
      throw failure;
    }
  }

  private static Channel channel(JsonNode fields) {
    return new Channel(
        ChannelArn.parse(text(fields, "arn")).orElseThrow(),
        StreamArn.parse(text(fields, "streamArn")).orElseThrow(),
        fields.required("incarnation").longValue(),
        fields.required("streamCreatedMillis").longValue(),
        fields.required("createdMillis").longValue(),
        text(fields, "roleArn"),
        new RecordConfiguration(
            RecordFormatType.valueOf(text(fields, "format")), textOrNull(fields, "schemaArn")),
        destination(fields.required("s3")),
        Optional.ofNullable(textOrNull(fields, "keyId"))
            .map(key -> new ChannelEncryptionConfiguration(ChannelEncryptionType.KMS, key)),
        logs(fields.required("logs")),
        tags(fields.required("tags")),
        ChannelStatus.valueOf(text(fields, "status")),
        Optional.ofNullable(textOrNull(fields, "reason")));
  }

  private static S3DestinationConfiguration destination(JsonNode fields) {
    return new S3DestinationConfiguration(
        fields.required("freshnessSeconds").intValue(),
        new DeadLetterQueueS3Configuration(
            text(fields, "deadBucketArn"), text(fields, "deadOwner"), text(fields, "deadPrefix")),
        new S3StorageConfiguration(
            text(fields, "bucketArn"),
            text(fields, "owner"),
            text(fields, "template"),
            S3StorageClass.valueOf(text(fields, "storageClass")),
            S3CompressionType.valueOf(text(fields, "compression"))));
  }

  private static CloudWatchLogs logs(JsonNode fields) {
    return new CloudWatchLogs(
        fields.required("enabled").booleanValue(), text(fields, "group"), text(fields, "stream"));
  }

  private static Map<String, String> tags(JsonNode fields) {
    Map<String, String> tags = new HashMap<>();
    fields.fields().forEachRemaining(tag -> tags.put(tag.getKey(), tag.getValue().textValue()));
    return tags;
  }

  private static String text(JsonNode fields, String name) {
    return fields.required(name).asText();
  }

  private static String textOrNull(JsonNode fields, String name) {
    return fields.path(name).textValue();
  }
}
