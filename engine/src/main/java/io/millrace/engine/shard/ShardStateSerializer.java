package io.millrace.engine.shard;

import io.millrace.engine.batch.CorruptFrameException;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.shard.ShardState.Opened;
import io.millrace.engine.shard.ShardState.Unopened;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import io.millrace.engine.tail.SparseIndex;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Stores the snapshots of a shard: when it closed, if it has, fixed fields, the sparse index, what
 * it remembers of producers, if that is anything, a CRC-32C of it all.
 */
public final class ShardStateSerializer extends SerializerWithStringManifest {

  static final String UNOPENED = "shard-state.unopened.v1";
  static final String OPENED = "shard-state.opened.v1";
  static final String CLOSED = "shard-state.closed.v1";

  /** Open, and remembers producers. */
  static final String OPENED_NUMBERED = "shard-state.opened-numbered.v1";

  /** Closed, and remembers producers. */
  static final String CLOSED_NUMBERED = "shard-state.closed-numbered.v1";

  private static final int IDENTIFIER = 1_810_102;

  /** From the creation seconds to the length of the index. */
  private static final int FIXED_BYTES = 11 * Long.BYTES + 3 * Integer.BYTES;

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object state) {
    if (state instanceof Opened opened) {
      if (opened.producers().isEmpty()) {
        return opened.isClosed() ? CLOSED : OPENED;
      }
      return opened.isClosed() ? CLOSED_NUMBERED : OPENED_NUMBERED;
    }
    return UNOPENED;
  }

  @Override
  public byte[] toBinary(Object state) {
    if (state instanceof Opened opened) {
      return write(opened);
    }
    byte[] bytes = new byte[Long.BYTES + Integer.BYTES];
    ByteBuffer.wrap(bytes).putLong(((Unopened) state).lastEvent());
    return sealed(bytes);
  }

  private static byte[] write(Opened state) {
    long[] events = state.index().events();
    long[] arrivals = state.index().arrivals();
    Payload producers = ProducerWindowsFormat.write(state.producers());
    int length =
        (state.isClosed() ? Long.BYTES : 0)
            + FIXED_BYTES
            + 2 * Long.BYTES * events.length
            + producers.size();
    byte[] bytes = new byte[length + Integer.BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    state.closedMillis().ifPresent(buffer::putLong);
    buffer
        .putLong(state.identity().createdSeconds())
        .putInt(state.identity().shardIndex())
        .putLong(state.range().starting().high())
        .putLong(state.range().starting().low())
        .putLong(state.range().ending().high())
        .putLong(state.range().ending().low())
        .putLong(state.lastEvent())
        .putLong(state.recordCount())
        .putLong(state.lastRecordEvent())
        .putLong(state.storedBytes())
        .putLong(state.lastArrivalMillis())
        .putLong(state.horizonEvent())
        .putInt(state.index().stride())
        .putInt(events.length);
    for (int i = 0; i < events.length; i++) {
      buffer.putLong(events[i]).putLong(arrivals[i]);
    }
    buffer.put(producers.asByteBuffer());
    return sealed(bytes);
  }

  @Override
  public ShardState fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    return switch (manifest) {
      case OPENED, OPENED_NUMBERED -> read(opened(bytes), OptionalLong.empty());
      case CLOSED, CLOSED_NUMBERED -> {
        ByteBuffer buffer = opened(bytes);
        yield read(buffer, OptionalLong.of(buffer.getLong()));
      }
      case UNOPENED -> new Unopened(opened(bytes).getLong());
      default ->
          throw new NotSerializableException(
              "snapshots of the form " + manifest + " were written by a newer release than this");
    };
  }

  private static Opened read(ByteBuffer buffer, OptionalLong closedMillis) {
    ShardIdentity identity = new ShardIdentity(buffer.getLong(), buffer.getInt());
    HashKeyRange range =
        new HashKeyRange(
            new HashKey(buffer.getLong(), buffer.getLong()),
            new HashKey(buffer.getLong(), buffer.getLong()));
    long lastEvent = buffer.getLong();
    long recordCount = buffer.getLong();
    long lastRecordEvent = buffer.getLong();
    long storedBytes = buffer.getLong();
    long lastArrivalMillis = buffer.getLong();
    long horizonEvent = buffer.getLong();
    int stride = buffer.getInt();
    long[] events = new long[buffer.getInt()];
    long[] arrivals = new long[events.length];
    for (int i = 0; i < events.length; i++) {
      events[i] = buffer.getLong();
      arrivals[i] = buffer.getLong();
    }
    return new Opened(
        identity,
        range,
        lastEvent,
        recordCount,
        lastRecordEvent,
        storedBytes,
        lastArrivalMillis,
        horizonEvent,
        SparseIndex.restore(stride, events, arrivals),
        closedMillis,
        ProducerWindowsFormat.read(buffer));
  }

  /** Puts the checksum of all before them into the last bytes. */
  private static byte[] sealed(byte[] bytes) {
    int length = bytes.length - Integer.BYTES;
    ByteBuffer.wrap(bytes).putInt(length, crc(bytes, length));
    return bytes;
  }

  private static ByteBuffer opened(byte[] bytes) {
    int length = bytes.length - Integer.BYTES;
    if (length < 0 || ByteBuffer.wrap(bytes).getInt(length) != crc(bytes, length)) {
      throw new CorruptFrameException("a snapshot of a shard fails its checksum");
    }
    return ByteBuffer.wrap(bytes, 0, length);
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
