package io.millrace.channels.delivery;

import io.millrace.channels.bucket.KeyTemplate;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.RecordFormatType;
import io.millrace.engine.model.S3CompressionType;
import java.util.Optional;

/**
 * What a channel delivers, and where: all of it that cannot change.
 *
 * @param channelName the channel
 * @param channelId its id
 * @param channelArn its ARN
 * @param streamArn the stream that it reads
 * @param format what its records are taken for; never GSR_JSON
 * @param compression how objects are compressed
 * @param bucket the bucket of objects
 * @param keys the keys of objects
 * @param deadLetterBucket the bucket of dead letters
 * @param deadLetterKeys the keys of objects with dead letters
 * @param masterKey has to be usable whenever something is delivered
 */
public record Delivery(
    String channelName,
    String channelId,
    String channelArn,
    String streamArn,
    RecordFormatType format,
    S3CompressionType compression,
    String bucket,
    KeyTemplate keys,
    String deadLetterBucket,
    KeyTemplate deadLetterKeys,
    Optional<KeyId> masterKey) {

  /** What names of files of objects end with. */
  public String extension() {
    String form =
        switch (format) {
          case JSON, GSR_JSON -> ".json";
          case STRING -> ".txt";
          case BYTE_ARRAY -> ".bin";
        };
    return form + Compression.of(compression).extension();
  }
}
