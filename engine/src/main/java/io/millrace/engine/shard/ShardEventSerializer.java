package io.millrace.engine.shard;

import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.shard.ShardEvent.HorizonMoved;
import io.millrace.engine.shard.ShardEvent.RecordsAppended;
import io.millrace.engine.shard.ShardEvent.ShardClosed;
import io.millrace.engine.shard.ShardEvent.ShardOpened;
import java.io.NotSerializableException;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Stores the events of a shard: the bytes of their frames, as they are. */
public final class ShardEventSerializer extends SerializerWithStringManifest {

  static final String OPENED = "shard.opened.v1";
  static final String RECORDS = "shard.records.v1";
  static final String HORIZON_MOVED = "shard.horizon-moved.v1";
  static final String CLOSED = "shard.closed.v1";

  /** Records of which producers have numbered some. */
  static final String NUMBERED_RECORDS = "shard.numbered-records.v1";

  /** Opened, with what its parents remember of producers. */
  static final String OPENED_AS_HEIR = "shard.opened-as-heir.v1";

  private static final int IDENTIFIER = 1_810_101;

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object event) {
    if (event instanceof RecordsAppended appended) {
      return appended.frame().header().kind() == RecordBatch.KIND ? RECORDS : NUMBERED_RECORDS;
    }
    if (event instanceof HorizonMoved) {
      return HORIZON_MOVED;
    }
    if (event instanceof ShardOpened opened) {
      return opened.inherited().isEmpty() ? OPENED : OPENED_AS_HEIR;
    }
    if (event instanceof ShardClosed) {
      return CLOSED;
    }
    throw new IllegalArgumentException("not a stored event: " + event);
  }

  @Override
  public byte[] toBinary(Object event) {
    if (event instanceof RecordsAppended appended) {
      return appended.frame().bytes();
    }
    if (event instanceof HorizonMoved moved) {
      return moved.frame().bytes();
    }
    if (event instanceof ShardOpened opened) {
      return opened.frame().bytes();
    }
    if (event instanceof ShardClosed closed) {
      return closed.frame().bytes();
    }
    throw new IllegalArgumentException("not a stored event: " + event);
  }

  @Override
  public ShardEvent fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    return switch (manifest) {
      case RECORDS, NUMBERED_RECORDS, HORIZON_MOVED, OPENED, OPENED_AS_HEIR, CLOSED ->
          ShardEventFormat.read(bytes);
      default ->
          throw new NotSerializableException(
              "events of the form " + manifest + " were written by a newer release than this");
    };
  }
}
