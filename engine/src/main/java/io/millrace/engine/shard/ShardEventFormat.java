package io.millrace.engine.shard;

import io.millrace.engine.batch.CorruptFrameException;
import io.millrace.engine.batch.Frame;
import io.millrace.engine.batch.ProducerNotes;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.encryption.Seal;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.shard.ShardEvent.Damaged;
import io.millrace.engine.shard.ShardEvent.HorizonMoved;
import io.millrace.engine.shard.ShardEvent.RecordsAppended;
import io.millrace.engine.shard.ShardEvent.ShardClosed;
import io.millrace.engine.shard.ShardEvent.ShardOpened;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import java.nio.ByteBuffer;

/** The bodies of a shard's events, but for records, which {@link RecordBatch} writes. */
final class ShardEventFormat {

  static final byte OPENED = 2;
  static final byte HORIZON_MOVED = 3;
  static final byte CLOSED = 4;

  /** Opened, with what its parents remember of producers. */
  static final byte OPENED_AS_HEIR = 18;

  /** The body of an event that says all by its kind. */
  static final byte[] NOTHING = {};

  private static final int OPENED_BYTES = Long.BYTES + Integer.BYTES + 4 * Long.BYTES;

  private ShardEventFormat() {}

  /**
   * 8 bytes creation seconds, 4 shard index, 16 first and 16 last hash key; then what it inherits,
   * if that is anything.
   */
  static byte[] opened(ShardIdentity identity, HashKeyRange range, ProducerWindows inherited) {
    Payload windows = ProducerWindowsFormat.write(inherited);
    byte[] body = new byte[OPENED_BYTES + windows.size()];
    windows.copyTo(body, OPENED_BYTES);
    ByteBuffer.wrap(body)
        .putLong(identity.createdSeconds())
        .putInt(identity.shardIndex())
        .putLong(range.starting().high())
        .putLong(range.starting().low())
        .putLong(range.ending().high())
        .putLong(range.ending().low());
    return body;
  }

  /** 8 bytes event number. */
  static byte[] horizonMoved(long horizonEvent) {
    byte[] body = new byte[Long.BYTES];
    ByteBuffer.wrap(body).putLong(horizonEvent);
    return body;
  }

  /**
   * The event that these bytes hold. Records are left unverified unless producers numbered some:
   * recovery needs only their header, and whoever reads them verifies them.
   */
  static ShardEvent read(byte[] bytes) {
    try {
      Frame frame = Frame.read(bytes);
      if (RecordBatch.isBatch(frame.header())) {
        return new RecordsAppended(frame, notes(frame));
      }
      frame.verifyBody();
      ByteBuffer body = frame.body();
      return switch (frame.header().kind()) {
        case OPENED, OPENED_AS_HEIR ->
            new ShardOpened(
                frame,
                body.getLong(),
                body.getInt(),
                new HashKeyRange(
                    new HashKey(body.getLong(), body.getLong()),
                    new HashKey(body.getLong(), body.getLong())),
                ProducerWindowsFormat.read(body));
        case HORIZON_MOVED -> new HorizonMoved(frame, body.getLong());
        case CLOSED -> new ShardClosed(frame);
        default ->
            throw new IllegalStateException(
                "an event of kind "
                    + frame.header().kind()
                    + " was written by a newer release than this");
      };
    } catch (CorruptFrameException corrupt) {
      return new Damaged(corrupt.getMessage());
    }
  }

  /** Records of a damaged frame cannot be read; so a repeat of theirs is a first put. */
  private static ProducerNotes notes(Frame frame) {
    try {
      byte kind = frame.isSealed() ? Seal.kindOf(frame) : frame.header().kind();
      if (kind != RecordBatch.KIND_NUMBERED) {
        return ProducerNotes.NONE;
      }
      frame.verifyBody();
      return ProducerNotes.read(frame);
    } catch (CorruptFrameException damaged) {
      return ProducerNotes.NONE;
    }
  }
}
