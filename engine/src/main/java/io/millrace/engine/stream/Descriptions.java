package io.millrace.engine.stream;

import io.millrace.engine.api.SequenceNumberRange;
import io.millrace.engine.api.Shard;
import io.millrace.engine.api.StreamDescription;
import io.millrace.engine.api.StreamDescriptionSummary;
import io.millrace.engine.api.StreamModeDetails;
import io.millrace.engine.api.StreamSummary;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.ShardId;
import java.time.Instant;
import java.util.List;

/** Streams and shards as the API describes them. */
final class Descriptions {

  private static final int BYTES_PER_KIB = 1024;

  private Descriptions() {}

  /** DescribeStream. */
  static StreamDescription of(StreamView stream, Page<ShardView> page) {
    return new StreamDescription(
        stream.name(),
        stream.arn(),
        stream.status(),
        new StreamModeDetails(stream.mode()),
        page.items().stream().map(Descriptions::shard).toList(),
        page.hasMore(),
        stream.retentionHours(),
        Instant.ofEpochMilli(stream.createdMillis()),
        EncryptionType.NONE);
  }

  /** DescribeStreamSummary. */
  static StreamDescriptionSummary summaryOf(StreamView stream) {
    return new StreamDescriptionSummary(
        stream.name(),
        stream.arn(),
        stream.status(),
        new StreamModeDetails(stream.mode()),
        stream.retentionHours(),
        Instant.ofEpochMilli(stream.createdMillis()),
        EncryptionType.NONE,
        (int) stream.shards().stream().filter(ShardView::isOpen).count(),
        0,
        stream.maxRecordBytes() / BYTES_PER_KIB);
  }

  /** ListStreams. */
  static StreamSummary listed(StreamView stream) {
    return new StreamSummary(
        stream.name(),
        stream.arn(),
        stream.status(),
        new StreamModeDetails(stream.mode()),
        Instant.ofEpochMilli(stream.createdMillis()));
  }

  /** ListShards, DescribeStream. */
  static Shard shard(ShardView shard) {
    return new Shard(
        shard.shardId(),
        parent(shard.parents(), 0),
        parent(shard.parents(), 1),
        shard.range(),
        new SequenceNumberRange(
            shard.startingSequenceNumber(), shard.endingSequenceNumber().orElse(null)));
  }

  private static ShardId parent(List<ShardId> parents, int index) {
    return index < parents.size() ? parents.get(index) : null;
  }
}
