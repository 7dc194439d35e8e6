package io.millrace.engine.shard;

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

  private static final int IDENTIFIER = 1_810_101;

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object event) {
    if (event instanceof RecordsAppended) {
      return RECORDS;
    }
    if (event instanceof HorizonMoved) {
      return HORIZON_MOVED;
    }
    if (event instanceof ShardOpened) {
      return OPENED;
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
      case RECORDS, HORIZON_MOVED, OPENED, CLOSED -> ShardEventFormat.read(bytes);
      default ->
          throw new NotSerializableException(
              "events of the form " + manifest + " were written by a newer release than this");
    };
  }
}
